import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** A headless browser with one open page. */
export interface OpenBrowser {
  readonly browser: Browser;
  readonly page: Page;
  /** Exceptions in the page, console errors and warnings, and failed requests. */
  readonly complaints: readonly string[];
}

/** Returns the path of Chromium on the PATH or in Debian's folder, or undefined without one. */
export function findChromium(path = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...path.split(delimiter), '/usr/bin'];
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface PageLook {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Starts the browser. Rejects if it does not start. Closing `browser` ends its processes and deletes its files. */
export async function openBrowser(
  executablePath: string,
  { widthPx = 1280, heightPx = 900, scheme = 'light' }: PageLook = {},
): Promise<OpenBrowser> {
  // On a computer without a graphics card, Chromium paints twice as fast if it does not search for one.
  const browser = await chromium.launch({ executablePath, args: ['--disable-gpu'], timeout: 20_000 });
  const page = await browser.newPage({
    viewport: { width: widthPx, height: heightPx },
    colorScheme: scheme,
    // Tests compare colours and take pictures, so no animation may be under way.
    reducedMotion: 'reduce',
    locale: 'en-US',
  });
  page.setDefaultTimeout(10_000);
  return { browser, page, complaints: complaintsOf(page) };
}

function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (!['error', 'warning', 'assert'].includes(message.type())) return;
    complaints.push(`${message.text()} ${message.location().url}`.trim());
  });
  return complaints;
}
