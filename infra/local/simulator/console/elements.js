/*
 * Builds the page's elements. Text is never parsed as HTML, so nothing that a program sent can become markup.
 */

export const byId = (id) => document.getElementById(id);

/** Creates an element with text or elements in it. Omits attributes that are undefined or false. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== ''));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
export const time = (ms) => h('time', { datetime: new Date(ms).toISOString() }, clock.format(ms));
export const number = (e164) => String(e164).replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');
export const badge = (look, text) => h('span', { class: `badge ${look}` }, text);

/** Creates a list of names and values. Omits names without a value. */
export const facts = (pairs) =>
  h(
    'dl',
    {},
    ...pairs
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );

/**
 * Shows items, each `{ key, content, build }`, as the elements that `build` returns. Keeps the element of an unchanged
 * item, so that focus and open details survive.
 */
export function show(list, items) {
  const old = new Map([...list.children].map((element) => [element.dataset.key, element]));
  let refocus;
  const wanted = items.map(({ key, content, build }) => {
    const signature = JSON.stringify(content);
    const present = old.get(key);
    if (present?.signature === signature) return present;
    const element = build();
    element.dataset.key = key;
    element.signature = signature;
    element.classList.toggle('new', present === undefined && list.dataset.shown === 'true');
    const opened = present ? [...present.querySelectorAll('details')] : [];
    element.querySelectorAll('details').forEach((details, index) => {
      details.open = opened[index]?.open ?? false;
      if (opened[index]?.contains(document.activeElement)) refocus = details.querySelector('summary');
    });
    return element;
  });
  for (const element of old.values()) if (!wanted.includes(element)) element.remove();
  wanted.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  refocus?.focus();
  list.dataset.shown = 'true';
}
