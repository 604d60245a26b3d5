import type { Page } from 'playwright-core';

/** The commands the console has a form for. */
export type Command = 'list' | 'call' | 'status' | 'cancel' | 'fax';

/** The newest line of the console's timeline: a legacy request, its answer, and the REST requests it caused. */
export interface ShownExchange {
  readonly title: string;
  readonly request: string;
  readonly answer: string;
  /** Method, shortened path and status of each. */
  readonly rest: readonly string[];
}

/** Asks the page again and again until the function's result is neither false nor undefined; resolves with that. */
export async function until<Result, Argument = undefined>(
  page: Page,
  question: (argument: Argument) => Result,
  argument?: Argument,
): Promise<Exclude<Result, false | undefined>> {
  const answer = await page.waitForFunction(question as (argument: unknown) => Result, argument);
  return (await answer.jsonValue()) as Exclude<Result, false | undefined>;
}

/** Opens the console and waits until it shows that it is live. */
export async function openConsole(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('#connection', { hasText: /^Live$/ }).waitFor();
}

/** Chooses the command's form. */
export async function chooseCommand(page: Page, command: Command): Promise<void> {
  await page.getByRole('radio', { name: command }).check();
}

/**
 * Sends the command's form after filling in what is given, by the ids of the fields. Resolves with the answer as the
 * form shows it.
 */
export async function sendCommand(
  page: Page,
  command: Command,
  values: Readonly<Record<string, string>> = {},
): Promise<string> {
  await chooseCommand(page, command);
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value);
  await page.locator('#result').evaluate((result) => result.replaceChildren());
  await page.getByRole('button', { name: `Send ${command}` }).click();
  return page.locator('#result pre').innerText();
}

/** Waits until the timeline has this many entries and the newest is answered with all it caused; resolves with that. */
export function newestExchange(page: Page, count: number): Promise<ShownExchange> {
  return until(
    page,
    (wanted) => {
      const entries = document.querySelectorAll('#timeline > .entry');
      const [newest] = entries;
      if (entries.length < wanted || newest === undefined) return undefined;
      if (
        /being answered|asked|no answer/.test(
          [...newest.querySelectorAll('.badge')].map((badge) => badge.textContent).join(),
        )
      )
        return undefined;
      const text = (selector: string): string => newest.querySelector(selector)?.textContent ?? '';
      return {
        title: text('h3'),
        request: text('.request'),
        answer: text('.answer'),
        rest: [...newest.querySelectorAll('summary')].map((summary) =>
          [...summary.children].map((part) => part.textContent).join(' '),
        ),
      };
    },
    count,
  );
}

/** The badge of each card, newest first, such as `Call: talking`. */
export function cards(page: Page): Promise<string[]> {
  return page
    .locator('#cards > .card')
    .evaluateAll((all) =>
      all.map((card) => `${card.querySelector('h3')?.textContent}: ${card.querySelector('.badge')?.textContent}`),
    );
}

/** Waits until the newest card says this. */
export async function newestCard(page: Page, wanted: string): Promise<void> {
  await until(
    page,
    (text) => {
      const card = document.querySelector('#cards > .card');
      return `${card?.querySelector('h3')?.textContent}: ${card?.querySelector('.badge')?.textContent}` === text;
    },
    wanted,
  );
}

/** Presses the button with this text, and waits until the console says that it is done. */
export async function pressButton(page: Page, text: string): Promise<void> {
  const said = page.locator('#control-result');
  await said.evaluate((element) => element.replaceChildren());
  await page.getByRole('button', { name: text, exact: true }).click();
  await said.filter({ hasText: /./ }).waitFor();
}
