import type { Page } from './page.ts';

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

/** Opens the console and waits until it shows that it is live. */
export async function openConsole(page: Page, url: string): Promise<void> {
  await page.open(url);
  await page.until(() => document.querySelector('#connection')?.textContent === 'Live');
}

/** Chooses the command's form. */
export async function chooseCommand(page: Page, command: Command): Promise<void> {
  await page.run((value) => {
    document.querySelector<HTMLInputElement>(`input[name=command][value=${value}]`)?.click();
  }, command);
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
  await page.run((given) => {
    for (const [id, value] of Object.entries(given)) {
      const field = document.getElementById(id);
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
    }
    document.querySelector('#result')?.replaceChildren();
    document.querySelector<HTMLButtonElement>('#command-form button[type=submit]')?.click();
  }, values);
  return page.until(() => document.querySelector('#result pre')?.textContent ?? undefined);
}

/** Waits until the timeline has this many entries and the newest is answered with all it caused; resolves with that. */
export function newestExchange(page: Page, count: number): Promise<ShownExchange> {
  return page.until((wanted) => {
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
  }, count);
}

/** The badge of each card, newest first, such as `Call: talking`. */
export function cards(page: Page): Promise<string[]> {
  return page.run(() =>
    [...document.querySelectorAll('#cards > .card')].map(
      (card) => `${card.querySelector('h3')?.textContent}: ${card.querySelector('.badge')?.textContent}`,
    ),
  );
}

/** Waits until the newest card says this. */
export async function newestCard(page: Page, wanted: string): Promise<void> {
  await page.until((text) => {
    const card = document.querySelector('#cards > .card');
    return `${card?.querySelector('h3')?.textContent}: ${card?.querySelector('.badge')?.textContent}` === text;
  }, wanted);
}

/** Presses the button with this text, and waits until the console says that it is done. */
export async function pressButton(page: Page, text: string): Promise<void> {
  await page.run((wanted) => {
    const said = document.querySelector('#control-result');
    if (said !== null) said.textContent = '';
    const button = [...document.querySelectorAll('button')].find((element) => element.textContent === wanted);
    if (button === undefined) throw new Error(`there is no button ${wanted}`);
    button.click();
  }, text);
  await page.until(() => document.querySelector('#control-result')?.textContent !== '');
}
