/*
 * Request, response and header classes for RingCentral's SDK, with the part of the fetch API that the SDK uses. Node's
 * own classes are not used: with them a container would load a second HTTP stack besides that of the AWS clients.
 */

/** Header fields by case-insensitive name. A name has one value, the last that was set. */
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

  /** Returns all fields, with names in lower case. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }
}

/** A body: text, or pieces to send one after the other. */
export type RequestBody = string | Iterable<Uint8Array>;

/** Parts of a request other than its address. */
export interface RequestParts {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  /** Aborts at the time limit. */
  readonly signal?: AbortSignal;
}

/** An HTTP request to send. */
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

/** An HTTP response with any status. */
export interface Answer {
  readonly status: number;
  /** 200 to 299. */
  readonly ok: boolean;
  readonly headers: Pick<HeaderFields, 'get'>;
  /** May be read more than once. */
  text(): Promise<string>;
}

/** A completely received HTTP response. */
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
