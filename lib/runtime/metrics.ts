import type { Metrics, PlainMetric } from '../domain/ports.ts';
import { systemClock } from './clock.ts';

export const metricNamespace = 'RingOutBridge';

type Unit = 'Count' | 'Milliseconds' | 'Seconds';

const valueUnits: Partial<Record<PlainMetric, Unit>> = { UpstreamMs: 'Milliseconds', TokenAgeSeconds: 'Seconds' };

/** One metric of a line: its unit and what was measured since the last line. */
interface Collected {
  readonly unit: Unit;
  readonly values: number[];
}

/** The most values one metric may have in a line (AWS documentation: embedded metric format specification). */
const maxValues = 100;

/**
 * CloudWatch metrics in the embedded format. Every combination of name and dimension value is billed by the month, so
 * a metric has the dimension `command`, or `code`, or neither, and never a user.
 *
 * Written here and not by a package, because the format is this one object and a package for it takes 14 KB and 3 ms of
 * every cold start.
 *
 * @param serviceName value of the dimension `service` that every metric has
 * @param write gets each line; what a Lambda function prints in this format becomes metrics
 */
export function createMetrics(
  serviceName: string,
  write: (line: string) => void,
  nowMs: () => number = () => systemClock.nowMs(),
): Metrics {
  const plain = new Map<string, Collected>();

  const publish = (metrics: ReadonlyMap<string, Collected>, dimension: Readonly<Record<string, string>>): void => {
    const dimensions = { service: serviceName, ...dimension };
    const directive = {
      Namespace: metricNamespace,
      Dimensions: [Object.keys(dimensions)],
      Metrics: [...metrics].map(([Name, { unit }]) => ({ Name, Unit: unit })),
    };
    const values = [...metrics].map(([name, collected]) => [name, oneOrMany(collected.values)]);
    write(
      JSON.stringify({
        _aws: { Timestamp: nowMs(), CloudWatchMetrics: [directive] },
        ...dimensions,
        ...Object.fromEntries(values),
      }),
    );
  };

  const flush = (): void => {
    if (plain.size > 0) publish(plain, {});
    plain.clear();
  };

  return {
    add(name, value = 1) {
      const collected = plain.get(name) ?? { unit: valueUnits[name] ?? 'Count', values: [] };
      plain.set(name, collected);
      collected.values.push(value);
      if (collected.values.length === maxValues) flush();
    },
    answered(command, durationMs) {
      const metrics = new Map<string, Collected>([
        ['Requests', { unit: 'Count', values: [1] }],
        ['AnswerMs', { unit: 'Milliseconds', values: [durationMs] }],
      ]);
      publish(metrics, { command });
    },
    failed: (code) => publish(new Map([['Failures', { unit: 'Count', values: [1] }]]), { code }),
    flush,
  };
}

/** CloudWatch takes a number or a list of numbers. */
function oneOrMany(values: readonly number[]): number | readonly number[] | undefined {
  return values.length === 1 ? values[0] : values;
}
