import { help, readStartArguments } from '../../../infra/local/start-arguments.ts';
import { StartFailure } from '../../../infra/local/start-failure.ts';

const nothing = { port: 3000, secretFile: undefined, logLevel: undefined, outbox: undefined, noLimits: false, lan: [] };

test.each<[string, readonly string[], Record<string, string>, object]>([
  ['nothing', [], {}, nothing],
  ['empty variables', [], { PORT: '', LOG_LEVEL: '', OUTBOX: '' }, nothing],
  [
    'the variables',
    [],
    { PORT: '3001', SECRET_FILE: 'a.json', LOG_LEVEL: 'debug', OUTBOX: 'off' },
    { ...nothing, port: 3001, secretFile: 'a.json', logLevel: 'debug', outbox: 'off' },
  ],
  [
    'the options rather than the variables',
    ['--port', '0', '--secret-file', 'b.json', '--log-level', 'WARN', '--outbox', 'on', '--no-limits'],
    { PORT: '3001', SECRET_FILE: 'a.json', LOG_LEVEL: 'debug', OUTBOX: 'off' },
    { ...nothing, port: 0, secretFile: 'b.json', logLevel: 'WARN', outbox: 'on', noLimits: true },
  ],
  [
    'several ranges',
    ['--lan', '192.168.1.0/24', '--lan=fd00::/8'],
    {},
    { ...nothing, lan: ['192.168.1.0/24', 'fd00::/8'] },
  ],
  ['one address', ['--lan', '10.1.2.3/32'], {}, { ...nothing, lan: ['10.1.2.3/32'] }],
])('reads %s', (_, args, environment, options) => {
  expect(readStartArguments(args, environment)).toEqual(options);
});

test.each<[Record<string, string>, readonly string[], string]>([
  [{ PORT: 'abc' }, [], 'The port must be a number from 0 to 65535, not "abc".'],
  [{ PORT: '3000' }, ['--port', '65536'], 'The port must be a number from 0 to 65535, not "65536".'],
  [{}, ['--log-level', 'loud'], '--log-level is one of debug, info, warn, error.'],
  [{ OUTBOX: 'yes' }, [], '--outbox is on or off.'],
  [{}, ['--outbox', ''], '--outbox is on or off.'],
  [{}, ['--prot', '1'], 'There is an option that does not exist, one without its value, or a word too many.'],
  [{}, ['--lan'], 'There is an option that does not exist, one without its value, or a word too many.'],
  [{}, ['3001'], 'There is an option that does not exist, one without its value, or a word too many.'],
  [{}, ['--lan', '192.168.1.0'], '--lan 192.168.1.0 has no prefix length'],
  [{}, ['--lan', '192.168.1.7/24'], '--lan 192.168.1.7/24 has bits set behind its first 24'],
  [{}, ['--lan', '203.0.113.0/24'], '--lan 203.0.113.0/24 is not in a network of your own (10.0.0.0/8'],
  [{}, ['--lan', '10.0.0.0/8', '--lan', '0.0.0.0/0'], '--lan 0.0.0.0/0 is not in a network of your own'],
  [{}, ['--lan', '192.0.0.0/8'], '--lan 192.0.0.0/8 is not in a network of your own'],
  [{}, ['--lan', '2001:db8::/32'], '--lan 2001:db8::/32 is not in a network of your own'],
])('%j %j is refused with the reason', (environment, args, said) => {
  const read = () => readStartArguments(args, environment);
  expect(read).toThrow(StartFailure);
  expect(read).toThrow(said);
});

test('the help names every setting', () => {
  expect(readStartArguments(['--help'], {})).toBe('help');
  const options = ['--port', '--secret-file', '--log-level', '--outbox', '--no-limits', '--lan', '--help'];
  const settings = [...options, 'PORT=', 'SECRET_FILE=', 'LOG_LEVEL=', 'OUTBOX='];
  expect(settings.filter((name) => !help.includes(name))).toEqual([]);
});
