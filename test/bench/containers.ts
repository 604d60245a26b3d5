import { join } from 'node:path';
import type { FunctionName } from '../../infra/functions.ts';
import { startChild, type Child } from './child.ts';
import { ringoutEvent, type Services } from './services.ts';

/** The questions to a warm container: serve an event, or keep one and serve that from then on. */
export type AskContainer = { readonly event?: Readonly<Record<string, unknown>>; readonly keep?: true };

export interface Served {
  /** From the call of the handler to its answer. */
  readonly ms: number;
  /** The part of it spent waiting for DynamoDB and Secrets Manager. */
  readonly awsMs: number;
  readonly body: string;
}

export type Container = Child<AskContainer, Served>;

export const bundleOf = (name: FunctionName): string => join(import.meta.dirname, '../../dist', name, 'index.js');

/** One deployed bundle in its own process, as in a Lambda container. */
export function startContainer(name: FunctionName, { environment }: Services): Container {
  return startChild('bundle.cjs', { args: [bundleOf(name)], env: environment });
}

/** Stores a token for every user, as the scheduled renewal does. */
export async function renewTokens(services: Services): Promise<void> {
  const container = startContainer('refresh-token', services);
  await container.ask({ event: {} });
  container.stop();
}

/** Places a call and returns its session id. */
export async function place(callContainer: Container, extension: string): Promise<string> {
  const { body } = await callContainer.ask({ event: ringoutEvent('call', extension) });
  const sessionId = /^OK (\d{9}) /.exec(body)?.[1];
  if (sessionId === undefined) throw new Error(`call was answered ${body}`);
  return sessionId;
}

/** Stops the bench when a command was not served, because its time would be meaningless. */
export function mustSucceed<T extends Pick<Served, 'body'>>(served: T, what: string): T {
  if (/^(?:OK|0)/.test(served.body)) return served;
  throw new Error(`${what} was answered ${served.body}`);
}
