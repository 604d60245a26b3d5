import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { closer, freePorts, listen } from '../../infra/local/listen.ts';
import { startLocalStack, type LocalStack } from '../../infra/local/stack.ts';
import { readDocument } from './documents.ts';

/*
 * Runs nginx with docs/relay.nginx.conf between old clients and the local stack. An endpoint with TLS in front of the
 * stack stands for API Gateway. Only addresses, ports and paths of the file are replaced.
 */

const isThere = (program: string, ...args: string[]): boolean => spawnSync(program, args).error === undefined;
const hasTools = isThere('nginx', '-v') && isThere('openssl', 'version');
const describeWithNginx = hasTools ? describe : describe.skip;

const file = readDocument('docs/relay.nginx.conf');
const page = readDocument('docs/relay.md');
const endpointName = 'telephony.example.com';

/** A request that arrived at the endpoint, and its TLS. */
interface Arrived {
  readonly servername: unknown;
  readonly tls: string | null;
  readonly line: string;
  readonly host: string | undefined;
  readonly body: Buffer;
}

describeWithNginx(`the relay${hasTools ? '' : ' (skipped: nginx and openssl are not both installed)'}`, () => {
  let folder: string;
  let stack: LocalStack;
  let endpoint: Server;
  let closeEndpoint: () => Promise<void>;
  let nginx: ChildProcess;
  let httpPort: number;
  let tlsPort: number;
  const arrived: Arrived[] = [];
  /** `break` closes the connection as soon as the request has arrived. */
  let behaviour: 'serve' | 'break' = 'serve';
  const certificate = (name: string): { readonly cert: string; readonly key: string } => ({
    cert: join(folder, `${name}.pem`),
    key: join(folder, `${name}.key`),
  });
  const contextOf = (name: string) => ({
    cert: readFileSync(certificate(name).cert),
    key: readFileSync(certificate(name).key),
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-relay-'));
    for (const name of [endpointName, 'other.example.com', 'relay']) {
      const { cert, key } = certificate(name);
      const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names],
        { stdio: 'ignore' },
      );
    }
    stack = await startLocalStack({ port: 0, quiet: true, noLimits: true });
    endpoint = createServer(contextOf(endpointName), (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const socket = request.socket as TLSSocket & { readonly servername?: unknown };
        const { method, url = '', headers } = request;
        const body = Buffer.concat(chunks);
        const line = `${method} ${url}`;
        arrived.push({ servername: socket.servername, tls: socket.getProtocol(), line, host: headers.host, body });
        if (behaviour === 'break') return void socket.destroy();
        // The local stack refuses any host name but its own.
        const host = new URL(stack.baseUrl).host;
        const onward = httpRequest(`${stack.baseUrl}${url}`, { method, headers: { ...headers, host } }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        onward.end(body);
      });
    });
    endpoint.on('tlsClientError', () => {});
    closeEndpoint = closer(endpoint);
    const endpointPort = await listen(endpoint, 0);
    const [first = 0, second = 0] = await freePorts(2);
    [httpPort, tlsPort] = [first, second];
    nginx = startNginx(endpointPort);
    await untilListening(httpPort);
  });
  afterAll(async () => {
    nginx?.kill('SIGKILL');
    await closeEndpoint?.();
    await stack?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    arrived.length = 0;
    behaviour = 'serve';
  });

  /** Starts nginx with the file, with the addresses, ports and paths of this test. */
  function startNginx(endpointPort: number): ChildProcess {
    const replacements: readonly (readonly [string, string])[] = [
      ['listen 80 default_server;', `listen 127.0.0.1:${httpPort} default_server;`],
      ['listen 443 ssl default_server;', `listen 127.0.0.1:${tlsPort} ssl default_server;`],
      ['allow 192.168.1.0/24;', 'allow 127.0.0.1/32;'],
      ['/etc/ssl/certs/ringout-relay.pem', certificate('relay').cert],
      ['/etc/ssl/private/ringout-relay.key', certificate('relay').key],
      ['/etc/ssl/certs/ca-certificates.crt', certificate(endpointName).cert],
      ['/var/log/nginx/ringout-relay.log', join(folder, 'access.log')],
    ];
    const relay = replacements.reduce((text, [from, to]) => {
      expect([from, text.split(from).length - 1]).toEqual([from, 1]);
      return text.replace(from, to);
    }, file);
    writeFileSync(join(folder, 'relay.conf'), relay);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${join(folder, kind)};`,
    );
    // Replaces DNS. The address is listed twice, so that a retry would find a second server.
    const servers = `server 127.0.0.1:${endpointPort} max_fails=0; `.repeat(2);
    writeFileSync(
      join(folder, 'nginx.conf'),
      [
        `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;`,
        'events {}',
        `http { ${temporary.join(' ')} upstream ${endpointName} { ${servers} } include ${join(folder, 'relay.conf')}; }`,
      ].join('\n'),
    );
    return spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
  }

  async function untilListening(port: number): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (await canConnect(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('nginx does not listen');
  }

  /** Everything a server sends after these bytes. */
  function exchange(bytes: Buffer | string, localAddress = '127.0.0.1'): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: httpPort, host: '127.0.0.1', localAddress });
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
      socket.write(bytes);
    });
  }

  const bodyOf = (answer: string): string => answer.split('\r\n\r\n').slice(1).join('\r\n\r\n');
  const list = '/ringout.asp?cmd=list&Username=18889363711&Ext=102&Password=1234';
  const numbers = 'OK 6505550130;Desk';

  test('HTTP/1.0 without Host is passed on with the Host and the SNI of the endpoint', async () => {
    const answer = await exchange(`GET ${list} HTTP/1.0\r\n\r\n`);
    expect([answer.split('\r\n')[0], bodyOf(answer)]).toEqual(['HTTP/1.1 200 OK', numbers]);
    expect(arrived).toEqual([
      {
        servername: endpointName,
        tls: 'TLSv1.3',
        line: `GET ${list}`,
        host: endpointName,
        body: Buffer.alloc(0),
      },
    ]);
  });

  test.each(['-tls1', '-tls1_1', '-tls1_2'])('a client with %s and without SNI gets its answer', async (version) => {
    const client = spawn(
      'openssl',
      ['s_client', '-quiet', '-noservername', version, '-cipher', 'DEFAULT:@SECLEVEL=0'].concat([
        '-connect',
        `127.0.0.1:${tlsPort}`,
      ]),
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    let answer = '';
    client.stdout.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    client.stdin.write(`GET ${list} HTTP/1.0\r\n\r\n`);
    await once(client, 'close');
    expect(bodyOf(answer)).toBe(numbers);
  });

  test('a fax of 4 MB arrives to the byte, and its answer comes back', async () => {
    const page1 = Buffer.alloc(4_000_000, 'a line of a fax \xff\r\n', 'latin1');
    const body = Buffer.concat([
      Buffer.from(
        '--demo\r\nContent-Disposition: form-data; name="Username"\r\n\r\n18889363711*102\r\n' +
          '--demo\r\nContent-Disposition: form-data; name="Password"\r\n\r\n1234\r\n' +
          '--demo\r\nContent-Disposition: form-data; name="Recipient"\r\n\r\n6505550100\r\n' +
          '--demo\r\nContent-Disposition: form-data; name="Attachment"; filename="a.txt"\r\n' +
          'Content-Type: text/plain\r\n\r\n',
      ),
      page1,
      Buffer.from('\r\n--demo--\r\n'),
    ]);
    const head = `POST /faxapi.asp HTTP/1.0\r\nContent-Type: Multipart/Form-Data; boundary=demo\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(bodyOf(await exchange(Buffer.concat([Buffer.from(head), body])))).toBe('0');
    expect(arrived.map(({ line, body: bytes }) => [line, bytes.equals(body)])).toEqual([['POST /faxapi.asp', true]]);
  });

  test.each(['call', 'fax'])('a %s whose connection breaks is answered 5 and not retried', async (what) => {
    behaviour = 'break';
    const request =
      what === 'call'
        ? 'GET /ringout.asp?cmd=call HTTP/1.0\r\n\r\n'
        : 'POST /faxapi.asp HTTP/1.0\r\nContent-Length: 4\r\n\r\na=bc';
    const answer = await exchange(request);
    expect([answer.split('\r\n')[0], bodyOf(answer), arrived.length]).toEqual(['HTTP/1.1 200 OK', '5', 1]);
  });

  test.each<[string, string | Buffer, string]>([
    [
      'more than 10 MB',
      Buffer.concat([
        Buffer.from('POST /faxapi.asp HTTP/1.0\r\nContent-Length: 10485761\r\n\r\n'),
        Buffer.alloc(10_485_761),
      ]),
      '127.0.0.1',
    ],
    ['a text that is not HTTP', 'demo\r\n\r\n', '127.0.0.1'],
    ['a request from another address', `GET ${list} HTTP/1.0\r\n\r\n`, '127.0.0.2'],
  ])('%s is answered 5 and not passed on', async (_, request, from) => {
    const answer = await exchange(request, from).catch((error: Error) => error.message);
    expect([bodyOf(answer), arrived.length]).toEqual(['5', 0]);
  });

  test('an endpoint with the certificate of another name gets no request', async () => {
    endpoint.setSecureContext(contextOf('other.example.com'));
    try {
      expect(bodyOf(await exchange(`GET ${list} HTTP/1.0\r\n\r\n`))).toBe('5');
      expect(arrived).toEqual([]);
    } finally {
      endpoint.setSecureContext(contextOf(endpointName));
    }
  });

  test('the log has the address, path, TLS version and status of requests, and no credentials', async () => {
    await exchange(`GET ${list} HTTP/1.0\r\n\r\n`);
    const log = readFileSync(join(folder, 'access.log'), 'utf8');
    expect(log).toMatch(/ 127\.0\.0\.1 GET \/ringout\.asp TLSv1 200 endpoint 200 after /);
    expect(log).toMatch(/ 127\.0\.0\.2 GET \/ringout\.asp - 200 endpoint - after /);
    expect(log).not.toMatch(/Password|1234&|18889363711/);
  });
});

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

test('the page names every line of the file that an installation has to change', () => {
  const own = file.split('\n').filter((line) => line.endsWith('yours'));
  expect(own).toHaveLength(3);
  for (const name of own.map((line) => /^\s*(?:set \$)?(\w+)/.exec(line)?.[1] ?? ''))
    expect(page).toContain(`\`${name}\``);
});
