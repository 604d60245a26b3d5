import { createLogger, describeError } from '../../lib/runtime/logger.ts';
import { logLevels } from '../../lib/runtime/config.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);

function logAt(level: (typeof logLevels)[number]) {
  const lines: unknown[] = [];
  return {
    log: createLogger(
      level,
      (line) => lines.push(JSON.parse(line)),
      () => nowMs,
    ),
    lines,
  };
}

test('a line is one JSON object with level, time and message first, and no fields but the given ones', () => {
  const lines: string[] = [];
  createLogger(
    'info',
    (line) => lines.push(line),
    () => nowMs,
  )
    .with({ function: 'list', requestId: 'demo' })
    .info('answered', { outcome: 'ok', durationMs: 12, remarks: ['a'], code: undefined });
  expect(lines).toEqual([
    '{"level":"info","time":"2026-11-23T12:00:00.000Z","message":"answered","function":"list","requestId":"demo","outcome":"ok","durationMs":12,"remarks":["a"]}',
  ]);
});

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
] as const)('at level %s, %p are written', (level, written) => {
  const { log, lines } = logAt(level);
  for (const name of logLevels) log.with({ by: 'demo' })[name]('demo');
  expect(lines).toMatchObject(written.map((name) => ({ level: name, message: 'demo', by: 'demo' })));
});

test('a message cannot break the line', () => {
  const lines: string[] = [];
  createLogger(
    'info',
    (line) => lines.push(line),
    () => nowMs,
  ).info('a\n{"level":"error"}', { note: 'b\r\nc' });
  expect(lines.join('')).not.toMatch(/[\r\n]/);
});

describe('of an exception', () => {
  test('the name and the stack are logged, but not the message', () => {
    const described = describeError(new TypeError('demo-secret\n    in two lines'));
    expect(described.error).toBe('TypeError');
    expect(described.stack[0]).toMatch(/^at .*logger\.test\.ts/);
    expect(described.stack.length).toBeLessThanOrEqual(12);
    expect(JSON.stringify(described)).not.toContain('demo-secret');
  });

  test.each([
    ['text', 'demo-secret', { error: 'string', stack: [] }],
    ['nothing', undefined, { error: 'undefined', stack: [] }],
    ['an object', { message: 'demo-secret' }, { error: 'object', stack: [] }],
    [
      'an error without a stack',
      Object.assign(new Error('demo-secret'), { stack: undefined }),
      { error: 'Error', stack: [] },
    ],
  ])('that is %s, only the type is logged', (_, thrown, expected) => {
    expect(describeError(thrown)).toEqual(expected);
  });
});
