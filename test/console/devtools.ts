/** A connection in the Chrome DevTools Protocol: commands with answers, and events. */
export interface Connection {
  /** Resolves with the command's result, rejects with the browser's message or when the connection is closed. */
  send<Result = unknown>(method: string, params?: object, sessionId?: string): Promise<Result>;
  /** Calls back with the parameters of every event of this name, whose type is the listener's business. */
  on(method: string, listener: (params: never) => void): void;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
}

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

/** @param url the `ws:` address a browser listens at */
export async function openConnection(url: string): Promise<Connection> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`no browser at ${url}`)), { once: true });
  });
  let lastId = 0;
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, ((params: never) => void)[]>();

  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data)) as Message;
    if (method !== undefined) for (const listener of listeners.get(method) ?? []) listener(params as never);
    const command = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || command === undefined) return;
    waiting.delete(id);
    if (error === undefined) command.resolve(result as never);
    else command.reject(new Error(error.message));
  });
  socket.addEventListener('close', () => {
    for (const command of waiting.values()) command.reject(new Error('the browser has closed the connection'));
    waiting.clear();
  });

  return {
    send(method, params = {}, sessionId) {
      return new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        socket.send(JSON.stringify({ id: lastId, method, params, sessionId }));
      });
    },
    on(method, listener) {
      listeners.set(method, [...(listeners.get(method) ?? []), listener]);
    },
    close: () => socket.close(),
  };
}
