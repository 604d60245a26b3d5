import type { Connection } from './devtools.ts';

/** One page of a browser. Functions given to it run in the page: they see its globals and their arguments only. */
export interface Page {
  /** Everything the page has complained about: exceptions, `console.error`, requests that failed. */
  readonly complaints: readonly string[];
  /** Resolves when the page has loaded. */
  open(url: string): Promise<void>;
  /** The function's result, once its promise is fulfilled; rejects with what it throws. */
  run<Args extends readonly unknown[], Result>(
    action: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;
  /** Asks again and again until the function's result is neither false nor undefined; resolves with that. */
  until<Args extends readonly unknown[], Result>(
    question: (...args: Args) => Result,
    ...args: Args
  ): Promise<Exclude<Result, false | undefined>>;
  /** Presses and releases a key, such as `Tab`, the way a keyboard does. */
  press(key: string): Promise<void>;
  /** Clicks twice on the middle of an element, the way a mouse does. */
  doubleClick(selector: string): Promise<void>;
  look(look: PageLook): Promise<void>;
  /** What assistive technology is told, in the order of the page, without the nodes it leaves out. */
  accessibilityTree(): Promise<readonly AccessibleNode[]>;
  /** PNG of what is visible. */
  screenshot(): Promise<Buffer>;
}

export interface PageLook {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly scheme?: 'light' | 'dark';
}

export interface AccessibleNode {
  readonly role: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface RawNode {
  readonly nodeId: string;
  readonly childIds?: readonly string[];
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

interface Evaluated {
  readonly result: { readonly value?: unknown; readonly description?: string };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

const patienceMs = 10_000;
const usualLook = { widthPx: 1280, heightPx: 900, scheme: 'light' } as const;
const virtualKeys: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, ' ': 32, ArrowLeft: 37, ArrowRight: 39 };
const typed: Readonly<Record<string, string>> = { Enter: '\r', ' ': ' ' };

/** Takes over the page a browser has open. */
export async function pageOf(connection: Connection): Promise<Page> {
  const { targetInfos } = await connection.send<{ targetInfos: readonly { type: string; targetId: string }[] }>(
    'Target.getTargets',
  );
  const target = targetInfos.find(({ type }) => type === 'page');
  const { sessionId } = await connection.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId: target?.targetId,
    flatten: true,
  });
  const send = <Result>(method: string, params: object = {}): Promise<Result> =>
    connection.send<Result>(method, params, sessionId);
  const complaints = await listenForComplaints(connection, send);
  await send('Page.enable');

  const page: Page = {
    complaints,
    async open(url) {
      const loaded = new Promise<void>((resolve) => connection.on('Page.loadEventFired', () => resolve()));
      await send('Page.navigate', { url });
      await loaded;
    },
    async run(action, ...args) {
      const { result, exceptionDetails } = await send<Evaluated>('Runtime.evaluate', {
        expression: `(${action.toString()})(...${JSON.stringify(args)})`,
        awaitPromise: true,
        returnByValue: true,
        userGesture: true,
      });
      if (exceptionDetails !== undefined) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value as never;
    },
    async until(question, ...args) {
      const deadlineMs = performance.now() + patienceMs;
      for (;;) {
        const answer: unknown = await page.run(question, ...args);
        if (answer !== false && answer !== undefined) return answer as never;
        if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${question.toString()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async press(key) {
      const what = { key, code: key === ' ' ? 'Space' : key, windowsVirtualKeyCode: virtualKeys[key] };
      await send('Input.dispatchKeyEvent', { type: 'keyDown', ...what, text: typed[key] });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...what });
    },
    async doubleClick(selector) {
      const middle = await page.run((wanted) => {
        const element = document.querySelector(wanted);
        element?.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
        return { x: x + width / 2, y: y + height / 2 };
      }, selector);
      for (const clickCount of [1, 2]) {
        for (const type of ['mousePressed', 'mouseReleased']) {
          await send('Input.dispatchMouseEvent', { type, ...middle, button: 'left', clickCount });
        }
      }
    },
    async look(look) {
      const { widthPx, heightPx, scheme } = { ...usualLook, ...look };
      await send('Emulation.setDeviceMetricsOverride', {
        width: widthPx,
        height: heightPx,
        deviceScaleFactor: 1,
        mobile: false,
      });
      await send('Emulation.setEmulatedMedia', {
        features: [
          { name: 'prefers-color-scheme', value: scheme },
          // Colours are compared and pictures are taken: nothing may be half-way to somewhere.
          { name: 'prefers-reduced-motion', value: 'reduce' },
        ],
      });
      await send('Emulation.setScrollbarsHidden', { hidden: true });
    },
    async accessibilityTree() {
      const { nodes } = await send<{ nodes: readonly RawNode[] }>('Accessibility.getFullAXTree');
      return inPageOrder(nodes)
        .filter(({ ignored }) => !ignored)
        .map(({ role, name, properties = [] }) => ({
          role: role?.value ?? '',
          name: name?.value ?? '',
          properties: Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
        }));
    },
    async screenshot() {
      const { data } = await send<{ data: string }>('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(data, 'base64');
    },
  };
  await page.look({});
  return page;
}

interface ExceptionThrown {
  readonly exceptionDetails: { readonly text: string; readonly exception?: { readonly description?: string } };
}

interface ConsoleCalled {
  readonly type: string;
  readonly args: readonly { readonly value?: unknown; readonly description?: string }[];
}

interface EntryAdded {
  readonly entry: { readonly level: string; readonly text: string; readonly url?: string };
}

/** The browser lists the tree level by level, the root first. */
function inPageOrder(nodes: readonly RawNode[]): readonly RawNode[] {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const from = (node: RawNode): readonly RawNode[] => [
    node,
    ...(node.childIds ?? []).flatMap((id) => {
      const child = byId.get(id);
      return child === undefined ? [] : from(child);
    }),
  ];
  return nodes.slice(0, 1).flatMap(from);
}

async function listenForComplaints(
  connection: Connection,
  send: (method: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  connection.on('Runtime.exceptionThrown', ({ exceptionDetails: { text, exception } }: ExceptionThrown) =>
    complaints.push(exception?.description ?? text),
  );
  connection.on('Runtime.consoleAPICalled', ({ type, args }: ConsoleCalled) => {
    if (type !== 'error' && type !== 'warning' && type !== 'assert') return;
    complaints.push(args.map(({ value, description }) => description ?? JSON.stringify(value)).join(' '));
  });
  connection.on('Log.entryAdded', ({ entry: { level, text, url = '' } }: EntryAdded) => {
    if (level === 'error' || level === 'warning') complaints.push(`${text} ${url}`.trim());
  });
  await send('Runtime.enable');
  await send('Log.enable');
  return complaints;
}
