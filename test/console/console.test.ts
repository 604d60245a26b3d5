import { demoList } from '../demo.ts';
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
  shownExchanges,
  until,
  type Command,
} from './console-page.ts';
import { openConsoleWorld, type ConsoleWorld } from './world.ts';

/*
 * The local console in a real browser, with the product's handlers and the simulator behind it: what a person sees, what
 * a keyboard reaches and what a screen reader reads. The browser is Debian's chromium or one like it.
 */

const executable = findChromium();
if (executable === undefined) process.stderr.write('test/console: skipped, there is no chromium on the PATH\n');
const describeIfThere = executable === undefined ? describe.skip : describe;

/** The tests reach no limit. The heavy group is small, so that they see its remainder. */
const limits = { light: 1000, heavy: 40, auth: 1000 };

/** Cannot be in the page by chance, unlike the password of the demonstration. */
const password = 'demo-password-of-101';
const commands: readonly Command[] = ['list', 'call', 'status', 'cancel', 'fax'];

describeIfThere('the console', () => {
  let world: ConsoleWorld;
  let opened: OpenBrowser;
  let page: Page;
  beforeAll(async () => {
    world = await openConsoleWorld(password, limits);
    opened = await openBrowser(executable ?? '');
    ({ page } = opened);
    await openConsole(page, world.consoleUrl);
  });
  afterAll(async () => {
    await opened?.browser.close();
    await world?.close();
  });

  describe('shows each command with its requests to RingCentral', () => {
    let exchanges = 0;
    const send = async (command: Command, values: Readonly<Record<string, string>> = {}) => {
      exchanges += 1;
      const answer = await sendCommand(page, command, values);
      const { title, request, rest, ...shown } = await newestExchange(page, exchanges);
      expect([title, shown.answer]).toEqual([command, answer]);
      return { title, request, answer, rest };
    };
    const who = ['Username=18889363711', 'Ext=101', 'Password=••••'];

    test('list', async () => {
      expect(await send('list')).toEqual({
        title: 'list',
        request: ['POST /ringout.asp', 'cmd=list', ...who].join('\n'),
        answer: demoList,
        rest: [
          'POST /restapi/oauth/token 200',
          'GET …/forwarding-number?page=1&perPage=1000 200',
          'GET …/forwarding-number?page=2&perPage=1000 200',
        ],
      });
    });

    test('call, with a card that shows the state of the call', async () => {
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
      const clockAndLimits = page.locator('section', { has: page.getByRole('button', { name: 'Clock +10 s' }) });
      await clockAndLimits.filter({ hasText: /10 s ahead/ }).waitFor();
      expect(await clockAndLimits.innerText()).toMatch(/calls, cancels, faxes\s+39 of 40 left/);
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
      expect(await page.locator('#cards > .card').first().locator('.bad').count()).toBe(0);
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

    test('fax to several recipients at a time', async () => {
      const recipients = '6505550101|Demo One\n\n6505550102';
      const { request } = await send('fax', { recipients, 'send-time': '31:12:99 08:30' });
      expect(request.split('\n').slice(3, 7)).toEqual([
        'Recipient=6505550101|Demo One',
        'Recipient=6505550102',
        'Coverpage=None',
        'Sendtime=31:12:99 08:30',
      ]);
      await newestCard(page, 'Fax: scheduled');
      const card = await page.locator('#cards > .card').first().innerText();
      expect(card.replaceAll(/\s+/g, ' ')).toMatch(
        /To \+1 650 555 0101, Demo One \+1 650 555 0102 .* Send at 2099-12-31T08:30:00/,
      );
    });

    test('a fax that waits in the outbox, with the reason and the next try', async () => {
      // Ends the pause after a fax with several recipients.
      world.product.clock.advance(11_000);
      world.simulator.failNext('fax', { status: 429 });
      const { answer } = await send('fax', { recipients: '6505550103', 'send-time': '' });
      const inOutbox = /In the outbox: waiting \(throttled.*\), next try .*\d:\d\d/;
      await page.locator('#timeline > .entry', { hasText: inOutbox }).waitFor();
      const card = page.locator('#outbox-faxes > .card').first();
      expect([answer, (await card.innerText()).replaceAll(/\s+/g, ' ')]).toEqual([
        '0',
        expect.stringMatching(
          /^Fax waiting .* To \*+0103 Age less than a minute Next try .* Reason throttled, 429, CMN-301/,
        ),
      ]);
      // Reopens RingCentral's group.
      world.product.clock.advance(61_000);
      await card.filter({ hasText: /sent/ }).waitFor();
      // The number of requests without an entry depends on timing, so the next tests start with none.
      await pressButton(page, 'Clear all');
      await page.locator('#timeline-note', { hasText: 'Nothing has been asked yet.' }).waitFor();
      exchanges = 0;
    });

    test('an armed fault, which can be disarmed', async () => {
      const armed = page.locator('#armed');
      await pressButton(page, 'Arm');
      expect(await armed.filter({ visible: true }).innerText()).toMatch(/anything: status 503/);
      await pressButton(page, 'Disarm');
      await armed.waitFor({ state: 'hidden' });
      expect(world.simulator.armedFaults()).toEqual([]);
    });

    test('a fault, with the failure it causes', async () => {
      await pressButton(page, 'Arm');
      const { answer, rest } = await send('list');
      expect([answer, rest]).toEqual([
        'FAILED RingCentral could not be reached, it reports an internal error',
        ['GET …/forwarding-number?page=1&perPage=1000 503'],
      ]);
    });

    test('the request of a program, which appears by itself and in a live region', async () => {
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
      await page.locator('#timeline > .entry', { hasText: 'joined' }).waitFor();
      const both = await shownExchanges(page, 2);
      expect(both.find(({ marks }) => marks.includes('joined'))).toMatchObject({
        answer: expect.stringMatching(/^OK \d{9} 3$/) as string,
        asked: [
          'RingCentral was not asked again',
          expect.stringMatching(/^Joined: same as the request of .*\d:\d\d.*, not placed again$/),
        ],
        rest: [],
      });
      expect([both[0]?.request, both[0]?.answer]).toEqual([both[1]?.request, both[1]?.answer]);
      expect(world.simulator.calls.length).toBe(before + 1);
    });

    test('a request that is still being answered, with its requests to RingCentral so far', async () => {
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

    test('a new entry without moving the focus', async () => {
      await page.locator('#timeline summary').first().focus();
      const focused = () => page.evaluate(() => document.activeElement?.closest<HTMLElement>('.entry')?.dataset['key']);
      const before = await focused();
      await fetch(`${new URL(world.consoleUrl).origin}/ringout.asp?cmd=cancel&SessionID=1`);
      exchanges += 1;
      await newestExchange(page, exchanges);
      expect([before, await focused()]).toEqual([expect.stringMatching(/^exchange \d+$/), before]);
    });

    test("failures marked as such, with the log's reason, also when the gateway answered", async () => {
      const caller = 'Username=18889363711&Ext=101';
      const asked: readonly (readonly [string, RequestInit?])[] = [
        [`/ringout.asp?cmd=list&${caller}&Password=wrong-demo`],
        [`/ringout.asp?cmd=call&${caller}&Password=${password}&To=6505550108&From=6505551550`],
        [
          '/faxapi.asp',
          { method: 'POST', body: new URLSearchParams({ Username: '18889363711*101', Password: password }) },
        ],
        ['/faxapi.asp', { method: 'POST', body: Buffer.alloc(5_200_000) }],
        ['/nowhere/else.asp'],
        ['/'],
      ];
      for (const [path, init] of asked) await (await fetch(new URL(path, world.consoleUrl), init)).text();
      exchanges += asked.length;
      await newestExchange(page, exchanges);
      const shown = (await shownExchanges(page, asked.length)).toReversed();
      expect(shown.map(({ answer, marks, logged }) => [answer, ...marks, logged.join(' ')])).toEqual([
        ['FAILED Invalid User or Password', 'failed', 'looks failed', 'code credentials hint wrong password'],
        [
          expect.stringMatching(/^FAILED /),
          'failed',
          'looks failed',
          expect.stringMatching(/^code \S+ upstreamStatus 403 upstreamCode TEL-101$/),
        ],
        ['3', 'failed', 'looks failed', 'code recipient_missing'],
        [
          '5',
          'failed',
          'looks failed',
          expect.stringMatching(/^hint a body of 5,200,000 bytes makes an event of over 6 MB/),
        ],
        ['5', 'failed', 'looks failed', ''],
        ['5', 'failed', 'looks failed', 'hint there is no such path'],
      ]);
    });

    test('the newest 50 entries, or all that a filter finds', async () => {
      const states = () =>
        page.evaluate(() => ({
          notes: [...document.querySelectorAll('#cards-note, #timeline-note')].map((note) => note.textContent),
          marks: [...document.querySelectorAll('#cards > .card, #timeline > .entry')]
            .map((element) => element.querySelector('header .badge')?.textContent ?? 'alone')
            .filter((mark, index, all) => all.indexOf(mark) === index),
          shown: document.querySelectorAll('#timeline > .entry').length,
        }));
      const cancels = Array.from({ length: 50 }, (_, index) => `cmd=cancel&SessionID=${100_000_000 + index}`);
      await Promise.all(cancels.map(async (query) => fetch(new URL(`/ringout.asp?${query}`, world.consoleUrl))));
      await page.locator('#timeline-note', { hasText: /^The newest 50 of \d+\.$/ }).waitFor();
      expect((await states()).shown).toBe(50);

      await page.getByLabel('Find a number').fill('+1 650-555-0108');
      expect(await states()).toEqual({
        notes: [expect.stringMatching(/^None of \d+ matches\.$/), ''],
        marks: ['failed'],
        shown: 1,
      });
      await page.getByLabel('Find a number').fill('');
      await pressButton(page, 'Clock +10 s');
      await page.locator('#cards .badge', { hasText: 'not connected' }).waitFor();
      await page.getByLabel('Failed only').check();
      const failed = await shownExchanges(page, 100);
      // A cancel of an unknown call is answered OK and logged with a code.
      expect(failed.filter(({ marks, logged }) => !marks.includes('failed') && !logged.includes('code'))).toEqual([]);
      expect(new Set(await cards(page))).toEqual(new Set(['Call: not connected']));
      await page.getByLabel('Failed only').uncheck();
      await pressButton(page, 'Clear all');
      await page.locator('#timeline > .entry').first().waitFor({ state: 'detached' });
      // One entry of each kind for the tests below.
      exchanges = 0;
      await send('fax');
      await send('call', { to: '6505550108' });
      await send('list');
    });
  });

  test('shows a password only in its own field, which hides it', async () => {
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
    const after = [
      'The next request for',
      'meets',
      'Arm',
      'Revoke all tokens',
      'Clock +10 s',
      'Clock +60 s',
      'Find a number',
      'Failed only',
      'Clear all',
    ];
    const fax = ['Recipients, one a line', 'Coverpage', 'Resolution', 'Sendtime', 'Coverpagetext'];

    test.each<readonly [Command, readonly string[]]>([
      ['list', who],
      ['call', [...who, 'To', 'From (calls back)', 'Clid', 'Press 1 to connect']],
      ['status', ['SessionID']],
      ['cancel', ['SessionID']],
      ['fax', [...who, ...fax, 'Attachment', 'or a text document']],
    ])('Tab reaches every control of %s, and the focus is visible', async (command, fields) => {
      await chooseCommand(page, command);
      const stops = await tabStops(page);
      const names = stops.map(({ name }) => name).filter((name) => !/^(?:GET|POST|DELETE|OK|FAILED) /.test(name));
      expect(names).toEqual([...before, command, ...fields, `Send ${command}`, ...after]);
      expect(stops.filter(({ outlinePx }) => outlinePx < 2)).toEqual([]);
    });

    test('the arrow keys choose a command, and Enter sends it', async () => {
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
    test('its landmarks, and headings without a skipped level', async () => {
      const { landmarks, headings } = await accessibleOutline(page);
      expect(landmarks).toEqual([
        'banner: ',
        'main: ',
        'region: Send a legacy request',
        'region: Make RingCentral misbehave',
        'region: Clock and limits',
        'region: What went out',
        'region: Outbox',
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
      expect(live).toEqual(['connection', 'result', 'control-result', 'clock-result', 'news', 'clear-result']);
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
  ])('at %i pixels nothing is cut off, answers take one line, and both sides stand %s', async (widthPx, where) => {
    await page.setViewportSize({ width: widthPx, height: 900 });
    for (const command of commands) {
      await chooseCommand(page, command);
      expect(
        await page.evaluate(() => {
          const [left, right] = [...document.querySelectorAll('#timeline .sides > div:not(.wide)')].map((side) =>
            side.getBoundingClientRect(),
          );
          const isBeside = left !== undefined && right !== undefined && left.right <= right.left;
          const linesOf = (element: Element): number => {
            const range = document.createRange();
            range.selectNodeContents(element);
            return new Set([...range.getClientRects()].map(({ top }) => top)).size;
          };
          const neededPx = (select: HTMLSelectElement): number => {
            const wide = select.cloneNode(true) as HTMLSelectElement;
            wide.style.cssText = 'width: max-content; position: absolute';
            select.after(wide);
            const { offsetWidth } = wide;
            wide.remove();
            return offsetWidth;
          };
          return {
            overflowPx: document.documentElement.scrollWidth - innerWidth,
            brokenAnswers: [...document.querySelectorAll('.answer')].filter((answer) => linesOf(answer) > 1).length,
            cutSelects: [...document.querySelectorAll('select')]
              .filter((select) => select.checkVisibility() && neededPx(select) > select.offsetWidth)
              .map(({ id }) => id),
            where: isBeside ? 'beside each other' : 'one below the other',
          };
        }),
      ).toEqual({ overflowPx: 0, brokenAnswers: 0, cutSelects: [], where });
    }
  });

  test('loads nothing from other origins and has no errors', async () => {
    const elsewhere = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).origin)
        .filter((origin) => origin !== location.origin),
    );
    expect([elsewhere, opened.complaints]).toEqual([[], []]);
  });

  test('is also served by the simulator alone, without the legacy side', async () => {
    await openConsole(page, world.simulator.url);
    const headings = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('h2')].filter((element) => element.checkVisibility()).map((h2) => h2.textContent),
      );
    expect(await headings()).toEqual([
      'Make RingCentral misbehave',
      'Clock and limits',
      'What went out',
      'Requests, newest first',
    ]);
    expect(opened.complaints).toEqual([]);
  });

  test('with one’s own account asks before a phone rings, and claims nothing about requests it cannot see', async () => {
    await openConsole(page, world.ownAccountUrl);
    const placed = world.simulator.calls.length;
    const questions: string[] = [];
    const answerQuestion = (isYes: boolean): void => {
      page.once('dialog', (dialog) => {
        questions.push(dialog.message());
        void (isYes ? dialog.accept() : dialog.dismiss());
      });
    };
    await chooseCommand(page, 'call');
    await page.getByLabel('Password').fill(password);
    await page.getByLabel('To', { exact: true }).fill('6505550100');
    await page.getByLabel('From').fill('6505551550');
    answerQuestion(false);
    await page.getByRole('button', { name: 'Send call' }).click();
    expect([world.simulator.calls.length, await page.locator('#result').innerText()]).toEqual([placed, '']);

    answerQuestion(true);
    const answer = await sendCommand(page, 'call');
    expect([world.simulator.calls.length, answer]).toEqual([placed + 1, expect.stringMatching(/^OK \d{9} 3$/)]);
    expect(questions).toEqual(
      Array.from({ length: 2 }, () => 'This is your own account: 6505551550 rings, and then 6505550100. Send it?'),
    );
    expect((await newestExchange(page, 1)).asked[0]).toBe('What RingCentral was asked is not seen here');
    expect(await page.locator('main').innerText()).not.toContain('was not asked');
    await openConsole(page, world.consoleUrl);
  });

  test('"Clear all" empties timeline and cards', async () => {
    await pressButton(page, 'Clear all');
    await page.locator('#timeline-note', { hasText: 'Nothing has been asked yet.' }).waitFor();
    expect(await cards(page)).toEqual([]);
  });

  test('says at every button when the local stack does not answer', async () => {
    await world.close();
    await page.locator('#connection', { hasText: /^The local stack does not answer$/ }).waitFor();
    const nothingDone = 'The local stack did not answer: nothing was done.';
    for (const button of ['Arm', 'Revoke all tokens', 'Clock +10 s', 'Clock +60 s', 'Clear all']) {
      expect(await pressButton(page, button)).toBe(nothingDone);
    }
    await page.getByRole('button', { name: 'Send list' }).click();
    await page.locator('#result .bad', { hasText: 'The local stack did not answer.' }).waitFor();
  });
});
