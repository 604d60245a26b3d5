import type { Page } from 'playwright-core';
import { accessibleOutline, faintTexts, tabStops } from './accessibility.ts';
import { findChromium, openBrowser, type OpenBrowser } from './chromium.ts';
import {
  cards,
  chooseCommand,
  newestCard,
  newestExchange,
  openConsole,
  pressButton,
  sendCommand,
  until,
  type Command,
} from './console-page.ts';
import { openConsoleWorld, type ConsoleWorld } from './world.ts';

/*
 * The local console in a real browser, with the product's handlers and the simulator behind it: what a person sees,
 * what a keyboard reaches and what a screen reader is told. The browser is Debian's chromium or one like it.
 */

const executable = findChromium();
if (executable === undefined) process.stderr.write('test/console: skipped, there is no chromium on the PATH\n');
const describeIfThere = executable === undefined ? describe.skip : describe;

/** Unlike the demonstration's, one that cannot stand in the page by chance. */
const password = 'demo-password-of-101';
const commands: readonly Command[] = ['list', 'call', 'status', 'cancel', 'fax'];

describeIfThere('the console', () => {
  let world: ConsoleWorld;
  let opened: OpenBrowser;
  let page: Page;
  beforeAll(async () => {
    world = await openConsoleWorld(password);
    opened = await openBrowser(executable ?? '');
    ({ page } = opened);
    await openConsole(page, world.consoleUrl);
  }, 60_000);
  afterAll(async () => {
    await opened?.browser.close();
    await world?.close();
  }, 20_000);

  describe('shows each command with what RingCentral was asked for it', () => {
    let exchanges = 0;
    const send = async (command: Command, values: Readonly<Record<string, string>> = {}) => {
      exchanges += 1;
      const answer = await sendCommand(page, command, values);
      const shown = await newestExchange(page, exchanges);
      expect(shown).toMatchObject({ title: command, answer });
      return shown;
    };
    const who = ['Username=18889363711', 'Ext=101', 'Password=••••'];

    test('list', async () => {
      expect(await send('list')).toEqual({
        title: 'list',
        request: ['POST /ringout.asp', 'cmd=list', ...who].join('\n'),
        answer:
          'OK 6505553711;Home;6505551550;Business;6505551233;Mobile;6505550120;Front, back door;' +
          '6505550121;Mobile 2;6505550122;Other;442071838750;London',
        rest: [
          'POST /restapi/oauth/token 200',
          'GET …/forwarding-number?page=1&perPage=1000 200',
          'GET …/forwarding-number?page=2&perPage=1000 200',
        ],
      });
    });

    test('call, whose card follows the call', async () => {
      const { answer, ...shown } = await send('call');
      expect(answer).toMatch(/^OK \d{9} 3$/);
      expect(shown).toEqual({
        title: 'call',
        request: ['POST /ringout.asp', 'cmd=call', ...who, 'To=6505550100', 'From=6505551550', 'Prompt=1'].join('\n'),
        rest: ['POST …/ring-out 200'],
      });
      await newestCard(page, 'Call: setting up');
      await pressButton(page, 'Clock +10 s');
      await newestCard(page, 'Call: talking');
    });

    test('status, of the call placed last', async () => {
      const { answer, rest, request } = await send('status');
      const sessionId = /^POST \/ringout\.asp\ncmd=status\nSessionID=(\d{9})$/.exec(request)?.[1];
      expect(answer).toBe(`OK ${sessionId} 0;+16505550100;0;+16505551550;0`);
      expect(rest).toEqual([expect.stringMatching(/^GET …\/ring-out\/.{4}… 200$/)]);
      await pressButton(page, 'Clock +10 s');
      await pressButton(page, 'Clock +10 s');
      await newestCard(page, 'Call: hung up');
    });

    test('cancel, of a call that rings', async () => {
      await send('call', { to: '6505550111' });
      const { answer, rest } = await send('cancel');
      expect(answer).toMatch(/^OK \d{9}$/);
      expect(rest).toEqual([expect.stringMatching(/^DELETE …\/ring-out\/.{4}… 204$/)]);
      await newestCard(page, 'Call: cancelled');
    });

    test('fax, with its card', async () => {
      expect(await send('fax')).toEqual({
        title: 'fax',
        request: [
          'POST /faxapi.asp',
          'Username=18889363711*101',
          'Password=••••',
          'Recipient=6505550100|Demo Recipient',
          'Coverpage=None',
          'Attachment=document.txt, 29 bytes',
        ].join('\n'),
        answer: '0',
        rest: ['POST …/fax 200'],
      });
      await newestCard(page, 'Fax: queued');
    });

    test('a fault, with the failure it leads to', async () => {
      await pressButton(page, 'Arm');
      const { answer, rest } = await send('list');
      expect([answer, rest]).toEqual([
        'FAILED RingCentral could not be reached, it reports an internal error',
        ['GET …/forwarding-number?page=1&perPage=1000 503'],
      ]);
    });

    test('what a program sends appears by itself, and is told to who cannot see it', async () => {
      const form = new URLSearchParams({ cmd: 'call', Username: '18889363711', Ext: '101', Password: password });
      form.append('To', '6505550102');
      form.append('From', '6505551550');
      const answer = await (await fetch(`${new URL(world.consoleUrl).origin}/ringout.asp?${form}`)).text();
      exchanges += 1;
      expect(await newestExchange(page, exchanges)).toMatchObject({ title: 'call', answer });
      await newestCard(page, 'Call: setting up');
      expect(await page.locator('#news[aria-live=polite]').textContent()).toBe('New call to +1 650 555 0102.');
    });

    test('a double click, whose second request is a copy and places no call', async () => {
      await chooseCommand(page, 'call');
      await page.locator('#to').fill('6505550112');
      const before = world.simulator.calls.length;
      await page.getByRole('button', { name: 'Send call' }).dblclick();
      exchanges += 2;
      await newestExchange(page, exchanges);
      const copy = await until(page, () => {
        const [one, other] = [...document.querySelectorAll('#timeline > .entry')].map((entry) => ({
          request: entry.querySelector('.request')?.textContent,
          answer: entry.querySelector('.answer')?.textContent,
          badges: [...entry.querySelectorAll('header .badge')].map((badge) => badge.textContent),
          right: [...entry.querySelectorAll('.sides > div:last-child > *')].map((element) => element.textContent),
        }));
        const found = [one, other].find((entry) => entry?.badges.includes('copy'));
        return found && { ...found, isEqual: one?.request === other?.request && one?.answer === other?.answer };
      });
      expect(copy).toMatchObject({
        answer: expect.stringMatching(/^OK \d{9} 3$/) as string,
        right: [
          'RingCentral was not asked',
          expect.stringMatching(/^Same as the request of .*\d:\d\d.*, not placed again$/),
        ],
        isEqual: true,
      });
      expect(world.simulator.calls.length).toBe(before + 1);
    });

    test('a request that is still being answered, with what it has caused so far', async () => {
      world.simulator.setLatency(1500);
      const answer = fetch(`${new URL(world.consoleUrl).origin}/ringout.asp?cmd=list&Username=18889363711&Ext=102`, {
        method: 'POST',
        body: new URLSearchParams({ Password: password }),
      });
      exchanges += 1;
      const badges = await until(page, () => {
        const texts = [...document.querySelectorAll('#timeline > .entry:first-child .badge')].map(
          ({ textContent }) => textContent,
        );
        return texts[0] === 'being answered' && texts.length > 1 ? texts : undefined;
      });
      expect(badges).toEqual(['being answered', 'asked']);
      world.simulator.setLatency(0);
      expect(await newestExchange(page, exchanges)).toMatchObject({ answer: await (await answer).text() });
    });

    test('the focus stays where it is when something new appears', async () => {
      await page.locator('#timeline summary').first().focus();
      const focused = () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('.entry')?.dataset['key']);
      const before = await focused();
      await fetch(`${new URL(world.consoleUrl).origin}/ringout.asp?cmd=cancel&SessionID=1`);
      exchanges += 1;
      await newestExchange(page, exchanges);
      expect([before, await focused()]).toEqual([`exchange ${exchanges - 1}`, `exchange ${exchanges - 1}`]);
    });
  });

  test('no password is anywhere but in its own field, which hides it', async () => {
    const seen = await page.evaluate((secret) => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      return {
        inMarkup: document.documentElement.outerHTML.includes(secret),
        fields: [...document.querySelectorAll('input, textarea, select')]
          .filter((field) => 'value' in field && String(field.value).includes(secret))
          .map((field) => `${field.id} ${field.getAttribute('type')}`),
        masked: document.querySelector('#timeline')?.textContent.includes('Password=••••'),
      };
    }, password);
    expect(seen).toEqual({ inMarkup: false, fields: ['password password'], masked: true });
  });

  describe('can be used without a mouse', () => {
    const before = ['Skip to what went out'];
    const who = ['Username', 'Ext', 'Password'];
    const after = ['The next request for', 'meets', 'Arm', 'Clock +10 s', 'Revoke all tokens', 'Clear all'];

    test.each<readonly [Command, readonly string[]]>([
      ['list', who],
      ['call', [...who, 'To', 'From (calls back)', 'Clid', 'Press 1 to connect']],
      ['status', ['SessionID']],
      ['cancel', ['SessionID']],
      [
        'fax',
        [...who, 'Recipient', 'Name', 'Coverpage', 'Resolution', 'Coverpagetext', 'Attachment', 'or a text document'],
      ],
    ])('Tab reaches every control of %s and shows where it is', async (command, fields) => {
      await chooseCommand(page, command);
      const stops = await tabStops(page);
      const names = stops.map(({ name }) => name).filter((name) => !/^(?:GET|POST|DELETE) /.test(name));
      expect(names).toEqual([...before, command, ...fields, `Send ${command}`, ...after]);
      expect(stops.filter(({ outlinePx }) => outlinePx < 2)).toEqual([]);
    });

    test('a command is chosen by the arrow keys and sent by Enter', async () => {
      await chooseCommand(page, 'list');
      await page.locator('input[name=command]:checked').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.locator('#result').evaluate((result) => result.replaceChildren());
      await page.keyboard.press('Enter');
      expect(await page.locator('#result p', { hasText: /^Answer/ }).textContent()).toBe(
        'Answer to status (HTTP 200):',
      );
    });
  });

  describe('tells assistive technology', () => {
    test('its landmarks, and headings of which none is missing', async () => {
      const { landmarks, headings } = await accessibleOutline(page);
      expect(landmarks).toEqual([
        'banner: ',
        'main: ',
        'region: Send a legacy request',
        'region: Make RingCentral misbehave',
        'region: What went out',
        'region: Requests, newest first',
      ]);
      const levels = headings.map((heading) => Number(heading[0]));
      expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    });

    test.each(commands)('the name of every control of %s', async (command) => {
      await chooseCommand(page, command);
      const { controls, nameless } = await accessibleOutline(page);
      expect(nameless).toEqual([]);
      expect(controls).toContain(`button: Send ${command}`);
    });

    test('what changes, through live regions', async () => {
      const live = await page.locator('[role=status]').evaluateAll((elements) => elements.map(({ id }) => id));
      expect(live).toEqual(['connection', 'result', 'control-result', 'news']);
    });
  });

  describe.each(['light', 'dark'] as const)('in the %s colours', (scheme) => {
    test('every text has a contrast of at least 4.5 to 1', async () => {
      await page.emulateMedia({ colorScheme: scheme });
      for (const command of commands) {
        await chooseCommand(page, command);
        expect(await faintTexts(page, 4.5)).toEqual([]);
      }
    });
  });

  test.each([
    [1280, 'beside each other'],
    [390, 'one below the other'],
    [320, 'one below the other'],
  ])('at %i pixels nothing is cut off, and both sides stand %s', async (widthPx, where) => {
    await page.setViewportSize({ width: widthPx, height: 900 });
    for (const command of commands) {
      await chooseCommand(page, command);
      expect(
        await page.evaluate(() => {
          const [left, right] = [...document.querySelectorAll('#timeline .sides > div')].map((side) =>
            side.getBoundingClientRect(),
          );
          const isBeside = left !== undefined && right !== undefined && left.right <= right.left;
          return {
            overflowPx: document.documentElement.scrollWidth - innerWidth,
            where: isBeside ? 'beside each other' : 'one below the other',
          };
        }),
      ).toEqual({ overflowPx: 0, where });
    }
  });

  test('it loads nothing from elsewhere and complains about nothing', async () => {
    const elsewhere = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).origin)
        .filter((origin) => origin !== location.origin),
    );
    expect([elsewhere, opened.complaints]).toEqual([[], []]);
  });

  test('the simulator alone has the page too, without the legacy side', async () => {
    await openConsole(page, world.simulator.url);
    const headings = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('h2')].filter((element) => element.checkVisibility()).map((h2) => h2.textContent),
      );
    expect(await headings()).toEqual(['Make RingCentral misbehave', 'What went out', 'Requests, newest first']);
    expect(opened.complaints).toEqual([]);
    await openConsole(page, world.consoleUrl);
  });

  test('"Clear all" begins anew', async () => {
    await pressButton(page, 'Clear all');
    await page.locator('#nothing-asked').waitFor({ state: 'visible' });
    expect(await cards(page)).toEqual([]);
  });

  test('it says when the stack has gone', async () => {
    await world.close();
    await page.locator('#connection', { hasText: /^The local stack does not answer$/ }).waitFor();
  });
});
