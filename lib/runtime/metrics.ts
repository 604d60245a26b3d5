import { MetricUnit, Metrics as EmbeddedMetrics } from '@aws-lambda-powertools/metrics';
import { needsAction } from '../domain/failure.ts';
import type { Metrics, PlainMetric } from '../domain/ports.ts';

const metricNamespace = 'RingOutBridge';

const valueUnits: Partial<Record<PlainMetric, typeof MetricUnit.Milliseconds | typeof MetricUnit.Seconds>> = {
  UpstreamMs: MetricUnit.Milliseconds,
  TokenAgeSeconds: MetricUnit.Seconds,
};

/**
 * Most values of one metric in a line: one less than CloudWatch's limit of a hundred. At a hundred the library prints
 * the line itself and bypasses `write`.
 */
const maxValues = 99;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * CloudWatch metrics in the embedded metric format. Every combination of name and dimension value is billed by the
 * month. So a metric has the dimension `command`, or `code`, or neither, and never a user.
 *
 * @param serviceName value of the dimension `service` that every metric has
 * @param write gets each line; CloudWatch turns such lines of a Lambda function's output into metrics
 */
export function createMetrics(serviceName: string, write: (line: string) => void): Metrics {
  const collect = (): EmbeddedMetrics =>
    new EmbeddedMetrics({ namespace: metricNamespace, serviceName, logger: silent });
  const plain = collect();

  const counts = new Map<PlainMetric, number>();

  const publish = (metrics: EmbeddedMetrics): void => {
    if (metrics.hasStoredMetrics()) write(JSON.stringify(metrics.serializeMetrics()));
    metrics.clearMetrics();
  };

  const flush = (): void => {
    publish(plain);
    counts.clear();
  };

  const add = (name: PlainMetric, value = 1): void => {
    plain.addMetric(name, valueUnits[name] ?? MetricUnit.Count, value);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count === maxValues) flush();
  };

  return {
    add,
    answered(command, durationMs) {
      const metrics = collect();
      metrics.addDimension('command', command);
      metrics.addMetric('Requests', MetricUnit.Count, 1);
      metrics.addMetric('AnswerMs', MetricUnit.Milliseconds, durationMs);
      publish(metrics);
    },
    failed(code) {
      const metrics = collect();
      metrics.addDimension('code', code);
      metrics.addMetric('Failures', MetricUnit.Count, 1);
      publish(metrics);
      if (needsAction(code)) add('FailuresToActOn');
    },
    flush,
  };
}
