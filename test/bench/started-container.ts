import { startChild, type Child } from './child.ts';
import { place, type Container } from './containers.ts';
import { asDeployed, extensions, faxEvent, ringoutEvent } from './services.ts';

/** The functions that serve one command each. */
export const answeringFunctions = ['list', 'call', 'status', 'cancel', 'fax'] as const;
export type AnsweringFunction = (typeof answeringFunctions)[number];

/** One answered event. */
export interface Served {
  readonly ms: number;
  /** Processor time of all threads of the process, user and system. */
  readonly processorMs: number;
  readonly body: string;
}

/** The first answer of a container, and the time of its init phase. */
export type Begun = Served & { readonly initMs: number };

/** Returns the first answer when asked without an event, else the answer to the event. */
export type StartedContainer = Child<{ readonly event?: object }, Begun>;

/** Starts a container for the event in a file, as Lambda does for a request. */
export function startForRequest(
  bundleFolder: string,
  eventFile: string,
  options: { readonly environment: Readonly<Record<string, string>>; readonly procsFile?: string },
): StartedContainer {
  const { environment, procsFile } = options;
  return startChild('started.cjs', {
    args: [bundleFolder, eventFile, ...(procsFile === undefined ? [] : [procsFile])],
    env: { ...environment, ...asDeployed },
  });
}

const faxBytes = 20_000;
let events = 0;

/** Events of one command. They take turns with the users, and each is about another call or fax. */
export async function eventsFor(name: AnsweringFunction, count: number, calls: Container): Promise<readonly object[]> {
  const made: object[] = [];
  for (let index = 0; index < count; index += 1) {
    events += 1;
    const user = extensions[events % extensions.length] ?? '';
    const needsCall = name === 'status' || name === 'cancel';
    const session = needsCall ? await place(calls, user) : '';
    made.push(name === 'fax' ? faxEvent(faxBytes + (events % 1000), user) : ringoutEvent(name, user, session));
  }
  return made;
}
