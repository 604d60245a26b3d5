import type { Page } from 'playwright-core';

/** The commands that the console has a form for. */
export type Command = 'list' | 'call' | 'status' | 'cancel' | 'fax';

/** An entry of the console's timeline: a legacy request, its answer, and the REST requests it caused. */
export interface ShownExchange {
  readonly title: string;
  readonly request: string;
  readonly answer: string;
  /** The badges of its header, and `looks failed` if the answer has the look of a failure. */
  readonly marks: readonly string[];
  /** Names and values from the log. */
  readonly logged: readonly string[];
  /** The heading of RingCentral's side, and the text below it. */
  readonly asked: readonly string[];
  /** Method, shortened path and status of each REST request. */
  readonly rest: readonly string[];
}

/** Runs the function in the page until its result is neither false nor undefined. Resolves with that result. */
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
 * Fills in the values by the ids of the fields and sends the command's form. Resolves with the answer that the form
 * shows.
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

/** Waits until the timeline has this many entries and the newest is complete. Resolves with the newest. */
export async function newestExchange(page: Page, count: number): Promise<ShownExchange> {
  await until(
    page,
    (wanted) => {
      const entries = document.querySelectorAll('#timeline > .entry');
      const badges = [...(entries[0]?.querySelectorAll('.badge') ?? [])].map((badge) => badge.textContent).join();
      return entries.length >= wanted && !/being answered|asked|no answer/.test(badges);
    },
    count,
  );
  const [newest] = await shownExchanges(page, 1);
  if (newest === undefined) throw new Error('the timeline is empty');
  return newest;
}

/** The newest entries of the timeline, newest first. */
export function shownExchanges(page: Page, count: number): Promise<ShownExchange[]> {
  return page.locator('#timeline > .entry').evaluateAll(
    (entries, wanted) =>
      entries.slice(0, wanted).map((entry) => {
        const text = (selector: string): string => entry.querySelector(selector)?.textContent ?? '';
        const texts = (selector: string): string[] =>
          [...entry.querySelectorAll(selector)].map((element) => element.textContent);
        return {
          title: text('h3'),
          request: text('.request'),
          answer: text('.answer'),
          marks: [...texts('header .badge'), ...texts('.answer.failed').map(() => 'looks failed')],
          logged: texts('.sides dt, .sides dd'),
          asked: texts('.sides > div:last-child > :not(details)'),
          rest: [...entry.querySelectorAll('summary')].map((summary) =>
            [...summary.children].map((part) => part.textContent).join(' '),
          ),
        };
      }),
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

/** Presses the button with this text. Resolves with the text that the console then shows beside it. */
export async function pressButton(page: Page, label: string): Promise<string> {
  const button = page.getByRole('button', { name: label, exact: true });
  // Found before the click, because the click may hide the button, and a hidden button finds nothing.
  const said = await page.locator('section', { has: button }).locator('[role=status]').elementHandle();
  await said?.evaluate((element) => element.replaceChildren());
  await button.click();
  const text = await page.waitForFunction((element) => element?.textContent || undefined, said);
  return (await text.jsonValue()) ?? '';
}
