/*
 * What RingCentral's SDK makes requests of and reads answers from. It asks for the classes of fetch, and uses this much of
 * them. Node's own are not used: with them a container loads a second HTTP stack beside that of the AWS clients.
 */

/** Header fields by name, in any case. A name has one value: the last that was set. */
export class HeaderFields {
  readonly #values = new Map<string, string>();

  constructor(fields: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(fields)) this.set(name, value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }

  /** By name in lower case. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }
}

/** A body: text, or pieces that are sent one after the other. */
export type RequestBody = string | Iterable<Uint8Array>;

/** What a request is made with, besides its address. */
export interface RequestParts {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  /** Aborts when the time allowed is over. */
  readonly signal?: AbortSignal;
}

/** One HTTP request, before it is sent. */
export class OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderFields;
  readonly body: RequestBody | undefined;
  readonly signal: AbortSignal | undefined;

  constructor(url: string, { method = 'GET', headers = {}, body, signal }: RequestParts = {}) {
    this.url = url;
    this.method = method;
    this.headers = new HeaderFields(headers);
    this.body = body;
    this.signal = signal;
  }
}

/** What is read of an answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** 200 to 299. */
  readonly ok: boolean;
  readonly headers: Pick<HeaderFields, 'get'>;
  /** May be read more than once. */
  text(): Promise<string>;
}

/** An answer that was received whole. */
export class ReceivedAnswer implements Answer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly #body: Uint8Array;

  constructor(status: number, headers: HeaderFields, body: Uint8Array) {
    this.status = status;
    this.headers = headers;
    this.#body = body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#body);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  clone(): ReceivedAnswer {
    return this;
  }
}
