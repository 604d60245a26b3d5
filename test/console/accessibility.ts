import type { Page } from 'playwright-core';

/** The roles of controls. Every control needs a name. */
const controlRoles = new Set([
  'button',
  'checkbox',
  'combobox',
  'link',
  'radio',
  'spinbutton',
  'textbox',
  'DisclosureTriangle',
]);
const mostStops = 200;
const landmarkRoles = new Set(['banner', 'main', 'navigation', 'region', 'contentinfo']);

/** What assistive technology reads in a page. */
export interface AccessibleOutline {
  /** `role: name`, in the order of the page. */
  readonly landmarks: readonly string[];
  readonly headings: readonly string[];
  readonly controls: readonly string[];
  /** Roles of the controls that have no name. */
  readonly nameless: readonly string[];
}

export async function accessibleOutline(page: Page): Promise<AccessibleOutline> {
  const tree = await accessibleNodes(page);
  const labelled = ({ role, name }: AccessibleNode): string => `${role}: ${name}`;
  const controls = tree.filter(({ role }) => controlRoles.has(role));
  return {
    landmarks: tree.filter(({ role }) => landmarkRoles.has(role)).map(labelled),
    headings: tree.filter(({ role }) => role === 'heading').map(({ name, level }) => `${level} ${name}`),
    controls: controls.map(labelled),
    nameless: controls.filter(({ name }) => name.trim() === '').map(({ role }) => role),
  };
}

interface AccessibleNode {
  readonly role: string;
  readonly name: string;
  readonly level: string;
}

/** Chromium's accessibility tree in page order, without the nodes that it ignores. */
async function accessibleNodes(page: Page): Promise<readonly AccessibleNode[]> {
  const devTools = await page.context().newCDPSession(page);
  const { nodes } = await devTools.send('Accessibility.getFullAXTree');
  await devTools.detach();
  // The browser lists the tree level by level, the root first.
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const inPageOrder = (id: string): typeof nodes => {
    const node = byId.get(id);
    return node === undefined ? [] : [node, ...(node.childIds ?? []).flatMap(inPageOrder)];
  };
  return inPageOrder(nodes[0]?.nodeId ?? '')
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, properties }) => ({
      role: String(role?.value),
      name: String(name?.value ?? ''),
      level: String(properties?.find((property) => property.name === 'level')?.value.value),
    }));
}

/** One stop of the Tab key. */
export interface TabStop {
  readonly name: string;
  /** Width in pixels of the outline that shows where the focus is. */
  readonly outlinePx: number;
}

/** Presses Tab from the beginning of the page. Returns each control that gets the focus, once. */
export async function tabStops(page: Page): Promise<readonly TabStop[]> {
  await page.evaluate(() => {
    // Tab starts from the element that was focused or clicked last. The body is the beginning of the page.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    for (const element of document.querySelectorAll('[data-visited]')) element.removeAttribute('data-visited');
  });
  const stops: TabStop[] = [];
  for (let presses = 0; presses < mostStops; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(focused);
    // After the last control, Tab leaves the page or returns to the first control.
    if (stop === 'visited') break;
    if (stop !== undefined) stops.push(stop);
  }
  return stops;
}

function focused(): TabStop | 'visited' | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  if (element.hasAttribute('data-visited')) return 'visited';
  element.setAttribute('data-visited', '');
  const label =
    element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels?.[0] : null;
  const area = element instanceof HTMLTextAreaElement ? element.labels[0] : null;
  const name = (label ?? area ?? element).textContent.trim().replaceAll(/\s+/g, ' ');
  // A group shows the outline for its focused radio button.
  const shown = element.closest('.commands') ?? element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  return { name, outlinePx: outlineStyle === 'none' ? 0 : Math.round(Number.parseFloat(outlineWidth)) };
}

/** Text whose contrast is below `minimum` to 1 (WCAG 2.2, 1.4.3: 4.5), as `ratio text`. */
export function faintTexts(page: Page, minimum: number): Promise<string[]> {
  return page.evaluate((least) => {
    type Rgba = [number, number, number, number];
    const parse = (color: string): Rgba => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
      return [red, green, blue, alpha];
    };
    const over = ([red, green, blue, alpha]: Rgba, [r, g, b]: Rgba): Rgba => [
      red * alpha + r * (1 - alpha),
      green * alpha + g * (1 - alpha),
      blue * alpha + b * (1 - alpha),
      1,
    ];
    const background = (element: Element | null): Rgba =>
      element === null
        ? [255, 255, 255, 1]
        : over(parse(getComputedStyle(element).backgroundColor), background(element.parentElement));
    const linear = (part: number): number =>
      part / 255 <= 0.040_45 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([red, green, blue]: Rgba): number =>
      0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const faint = new Set<string>();
    let measured = 0;
    for (const element of document.body.querySelectorAll('*')) {
      const isField = element.matches('input:not([type=radio], [type=checkbox]), select, textarea');
      const text = [...element.childNodes].filter((node) => node instanceof Text).map((node) => node.data.trim());
      if ((!isField && text.join('') === '') || !element.checkVisibility({ visibilityProperty: true })) continue;
      if (element.matches('script, option')) continue;
      measured += 1;
      const below = background(element);
      const [one, other] = [luminance(over(parse(getComputedStyle(element).color), below)), luminance(below)];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (ratio < least) faint.add(`${ratio.toFixed(2)} ${element.tagName} ${text.join(' ').slice(0, 40)}`);
    }
    if (measured < 20) faint.add(`only ${measured} texts were found`);
    return [...faint];
  }, minimum);
}
