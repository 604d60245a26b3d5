import { readArguments, type DoctorOptions } from '../../../../infra/commands/doctor/arguments.ts';

const nothing: DoctorOptions = {
  files: [],
  network: true,
  stage: undefined,
  region: undefined,
  local: false,
  url: undefined,
  list: false,
  json: false,
};

test.each<[string, string, Partial<DoctorOptions>]>([
  ['several files', '--file a.json --file b.json', { files: ['a.json', 'b.json'] }],
  ['a file without network', '--file a.json --no-network', { files: ['a.json'], network: false }],
  ['a stage', '--stage prod', { stage: 'prod' }],
  ['a stage in a region', '--stage prod --region eu-west-1', { stage: 'prod', region: 'eu-west-1' }],
  ['a stage in a partition of its own', '--stage p --region us-gov-west-1', { stage: 'p', region: 'us-gov-west-1' }],
  [
    'a stage at another address, without the slash at its end',
    '--stage prod --url https://telephony.example.com/ --list --json',
    { stage: 'prod', url: 'https://telephony.example.com', list: true, json: true },
  ],
  ['the local stack', '--local', { local: true }],
  [
    'the local stack on another port',
    '--local --url http://localhost:4000',
    { local: true, url: 'http://localhost:4000' },
  ],
  ['the local stack with its file', '--local --file a.json', { local: true, files: ['a.json'] }],
])('reads %s', (_, line, expected) => {
  expect(readArguments(line.split(' '))).toEqual({ kind: 'run', options: { ...nothing, ...expected } });
});

test.each(['--help', '-h', '--stage prod --help'])('shows the help with %s', (line) => {
  expect(readArguments(line.split(' '))).toEqual({ kind: 'help' });
});

test.each([
  ['nothing to look at', '--json', /Say what to look at/],
  [
    'an unknown option, which is not repeated',
    '--fiel a.json',
    /^There is an option that does not exist, one without its value, or a word too many\.$/,
  ],
  ['two installations', '--stage prod --local', /two runs/],
  ['a deployment without network', '--stage prod --no-network', /--no-network/],
  ['a region without stage', '--local --region eu-west-1', /--region is for/],
  ['an invalid region', '--stage prod --region europe', /--region is one like/],
  ['an invalid stage', '--stage prod;ls', /--stage/],
  ['an address for a file', '--file a.json --url https://a.example', /--url and --list/],
  ['an address in the clear', '--stage prod --url http://telephony.example.com', /https/],
  ['an address with a password', '--stage prod --url https://a:b@telephony.example.com', /https/],
  ['an address with a query', '--stage prod --url https://telephony.example.com/?a=1', /https/],
  ['a local stack elsewhere', '--local --url https://telephony.example.com', /another computer/],
  [
    'a stray word, which is not repeated',
    '--local now',
    /^There is an option that does not exist, one without its value, or a word too many\.$/,
  ],
])('refuses %s', (_, line, text) => {
  expect(readArguments(line.split(' '))).toEqual({ kind: 'mistake', text: expect.stringMatching(text) });
});
