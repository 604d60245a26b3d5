import type { Log, LogFields } from '../domain/ports.ts';
import { logLevels, type LogLevel } from './config.ts';

/**
 * Writes one JSON object per line, the format that CloudWatch Logs Insights reads. It logs only the fields it is given.
 * Their type excludes whole objects, and thus the secrets in them.
 */
export function createLogger(
  level: LogLevel,
  write: (line: string) => void,
  nowMs: () => number,
  fields: LogFields = {},
): Log {
  const from = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, extra: LogFields = {}): void => {
      if (logLevels.indexOf(name) < from) return;
      const time = new Date(nowMs()).toISOString();
      write(JSON.stringify({ level: name, time, message, ...fields, ...extra }));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (extra) => createLogger(level, write, nowMs, { ...fields, ...extra }),
  };
}

/**
 * Returns what may be logged of an exception: its name and stack frames. Messages are omitted, because a library's
 * message may quote its input.
 */
export function describeError(error: unknown): { error: string; stack: readonly string[] } {
  if (!(error instanceof Error)) return { error: typeof error, stack: [] };
  const stack = error.stack ?? '';
  // The stack begins with the message, and a line of the message may look like a stack frame.
  const messageAt = stack.indexOf(error.message);
  const places = messageAt === -1 ? stack : stack.slice(messageAt + error.message.length);
  const frames = places.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, stack: frames.slice(0, 12).map((line) => line.trim()) };
}
