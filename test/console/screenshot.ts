import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { Simulator } from '../../infra/local/simulator/server.ts';
import { findChromium, openBrowser } from './chromium.ts';
import { newestCard, newestExchange, openConsole, sendCommand } from './console-page.ts';
import { openConsoleWorld } from './world.ts';

const help = `npm run dev:screenshot: takes the picture of the console for the README

  npm run dev:screenshot                     writes docs/console.png
  npm run dev:screenshot -- --dark           in the dark colours
  npm run dev:screenshot -- --width 390      as wide as a telephone; default 1280
  npm run dev:screenshot -- --height 2000    as high; default 1500
  npm run dev:screenshot -- --out x.png      elsewhere
  npm run dev:screenshot -- --help           this text

It needs Chromium (Debian: apt-get install chromium).`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      dark: { type: 'boolean', default: false },
      width: { type: 'string', default: '1280' },
      height: { type: 'string', default: '1500' },
      out: { type: 'string', default: 'docs/console.png' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const executable = findChromium();
  if (executable === undefined) {
    console.error('Chromium is not on the PATH (Debian: apt-get install chromium).');
    return 1;
  }
  const world = await openConsoleWorld();
  try {
    const { browser, page } = await openBrowser(executable, {
      widthPx: Number(values.width),
      heightPx: Number(values.height),
      scheme: values.dark ? 'dark' : 'light',
    });
    try {
      await openConsole(page, world.consoleUrl);
      await aMinuteOfUse(page, world.simulator);
      const png = await page.screenshot();
      await mkdir(dirname(values.out), { recursive: true });
      await writeFile(values.out, png);
      console.log(`${values.out}: ${Math.ceil(png.length / 1024)} KB`);
    } finally {
      await browser.close();
    }
  } finally {
    await world.close();
  }
  return 0;
}

/** Sends a call to a busy line, a fax, and a call that is being set up. Opens that call's first request to RingCentral. */
async function aMinuteOfUse(page: Page, simulator: Simulator): Promise<void> {
  await sendCommand(page, 'list');
  await sendCommand(page, 'call', { to: '6505550101' });
  simulator.advanceClock(10_000);
  await sendCommand(page, 'fax');
  await sendCommand(page, 'call', { to: '6505550100' });
  simulator.advanceClock(5000);
  await newestExchange(page, 4);
  await newestCard(page, 'Call: setting up');
  await page.locator('#cards .card .steps .done').first().waitFor();
  await page.locator('#timeline summary').first().click();
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
