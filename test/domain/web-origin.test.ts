import { parseWebOrigin } from '../../lib/domain/web-origin.ts';

test.each([
  ['https://crm.example', 'https://crm.example'],
  ['HTTPS://CRM.Example', 'https://crm.example'],
  ['https://crm.example:443', 'https://crm.example'],
  ['https://crm.example:8443', 'https://crm.example:8443'],
  ['http://crm.example:80', 'http://crm.example'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
  ['https://grün.example', 'https://xn--grn-ioa.example'],
])('%s is the origin %s', (text, origin) => {
  expect(parseWebOrigin(text)).toBe(origin);
});

test.each([
  '',
  'null',
  '*',
  'crm.example',
  'https://',
  'https://*.example',
  'https://crm.example/',
  'https://crm.example/calls',
  'https://crm.example?x',
  'https://crm.example#x',
  'https://user@crm.example',
  'https://crm.example\\calls',
  'https://crm.example:port',
  'https://a.example,https://b.example',
  'https://a.example https://b.example',
  'file:///c:/crm.html',
  'chrome-extension://demo',
])('%j is not an origin', (text) => {
  expect(parseWebOrigin(text)).toBeUndefined();
});
