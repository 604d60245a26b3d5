import type { Log, LogFields } from '../domain/ports.ts';
import { logLevels, type LogLevel } from './config.ts';

/**
 * Structured logs: one JSON object per line, as CloudWatch Logs Insights reads them. Writes only what it is handed;
 * the type of the fields keeps whole objects, and with them secrets, out.
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
 * What may be logged of an exception: its name, and the places in the code. Messages are left out, because a library's
 * message may quote what it was given.
 */
export function describeError(error: unknown): { error: string; stack: readonly string[] } {
  if (!(error instanceof Error)) return { error: typeof error, stack: [] };
  const stack = error.stack ?? '';
  // The message stands in front of the places, and one of its lines may look like a place.
  const messageAt = stack.indexOf(error.message);
  const places = messageAt === -1 ? stack : stack.slice(messageAt + error.message.length);
  const frames = places.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, stack: frames.slice(0, 12).map((line) => line.trim()) };
}
