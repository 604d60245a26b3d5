import { readArguments, type SmokeOptions } from '../../../../infra/commands/smoke/arguments.ts';

const noOptions: Omit<SmokeOptions, 'baseUrl'> = {
  username: undefined,
  extension: undefined,
  call: undefined,
  faxNumber: undefined,
  tooLarge: false,
};
const parsed = (baseUrl: string, options: Partial<SmokeOptions> = {}, json = false) => {
  return { kind: 'run', options: { baseUrl, ...noOptions, ...options }, json };
};

test.each([
  ['an address', 'https://telephony.example.com/', parsed('https://telephony.example.com')],
  ['an address with the stage in it', 'https://a1.example.com/prod', parsed('https://a1.example.com/prod')],
  ['the address of a program', 'https://a.example/RingOut.asp', parsed('https://a.example')],
  ['the same with a stage and a slash', 'https://a.example/prod/faxapi.asp/', parsed('https://a.example/prod')],
  ['this computer', 'http://localhost:3000', parsed('http://localhost:3000')],
  [
    'a user',
    'https://a.example --username 18889363711 --ext 101 --json',
    parsed('https://a.example', { username: '18889363711', extension: '101' }, true),
  ],
  [
    'a call',
    'https://a.example --call +16505550100 6505553711',
    parsed('https://a.example', { call: { to: '+16505550100', from: '6505553711' } }),
  ],
  [
    'a call and a fax before the address',
    '--call 1 2 --fax 3 https://a.example',
    parsed('https://a.example', { call: { to: '1', from: '2' }, faxNumber: '3' }),
  ],
  ['too large a request', 'https://a.example --too-large', parsed('https://a.example', { tooLarge: true })],
  ['the option for help', '--help', { kind: 'help' }],
])('reads %s', (_, line, expected) => {
  expect(readArguments(line.split(' '))).toEqual(expected);
});

test.each([
  ['no address', '--json'],
  ['two addresses', 'https://a.example https://b.example'],
  ['an address in the clear', 'http://a.example'],
  ['an address with a query', 'https://a.example?Password=hunter2'],
  ['a call without From', 'https://a.example --call 6505550100'],
  ['a stray word', 'https://a.example hunter2'],
  ['an unknown option', 'https://a.example --secret hunter2'],
  ['an option without its value', 'https://a.example --username'],
  ['a password', 'https://a.example --password hunter2'],
  ['a password in one word', 'https://a.example --Password=hunter2'],
])('refuses %s and does not print its value', (_, line) => {
  const read = readArguments(line.split(' '));
  expect(read).toEqual({ kind: 'mistake', text: expect.not.stringContaining('hunter2') });
});
