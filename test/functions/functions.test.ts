import { localAwsEnvironment } from '../../infra/local/local-aws.ts';
import { startSecretsManager, type LocalSecretsManager } from '../../infra/local/secrets-manager.ts';
import type { HttpHandler } from '../../lib/edge/legacy-handler.ts';
import type { scheduledHandler } from '../../lib/edge/scheduled-handler.ts';
import { text } from '../answer.ts';
import { credentials, demoList, faxCredentials } from '../demo.ts';
import { formPost, gatewayEvent, lambdaContext, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

const httpFunctions = ['ringout', 'list', 'call', 'status', 'cancel', 'fax', 'catch-all'] as const;
/** Answers without the settings, where they differ from the usual text. */
const unset: Partial<Record<HttpFunction, string>> = { fax: '5', cancel: 'OK 0' };
type HttpFunction = (typeof httpFunctions)[number];

type ScheduledHandler = ReturnType<typeof scheduledHandler>;

/** Loads a function like a new container: with new module state and the current environment. */
function loadAny(name: string): unknown {
  let handler: unknown;
  jest.isolateModules(() => {
    ({ handler } = jest.requireActual<{ handler: unknown }>(`../../functions/${name}.ts`));
  });
  return handler;
}
const load = (name: HttpFunction): HttpHandler => loadAny(name) as HttpHandler;
const loadRefresh = (): ScheduledHandler => loadAny('refresh-token') as ScheduledHandler;

const environment = { ...process.env };
let printed: string[] = [];
beforeEach(() => {
  printed = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    printed.push(String(line));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
});

describe('a function without its settings', () => {
  test.each(httpFunctions)('%s answers and logs the missing setting', async (name) => {
    const event = gatewayEvent({ path: '/RingOut.asp', query: { cmd: 'list' } });
    expect(await load(name)(event, lambdaContext())).toEqual(
      text(unset[name] ?? 'FAILED This service is not set up correctly'),
    );
    expect(printed.join('')).toContain('STATE_TABLE is not set');
  });

  test('refresh-token fails, which raises its alarm', async () => {
    await expect(loadRefresh()({}, lambdaContext())).rejects.toMatchObject({ code: 'configuration' });
  });

  test.each([...httpFunctions, 'refresh-token'])(
    'the handler of %s takes no callback, which Node 24 on Lambda refuses',
    (name) => {
      expect((loadAny(name) as HttpHandler).length).toBeLessThanOrEqual(2);
    },
  );
});

describe('a function with its settings', () => {
  let product: Product;
  let secrets: LocalSecretsManager;
  beforeAll(async () => {
    product = await startProduct();
    secrets = await startSecretsManager([
      { id: 'demo', read: () => Promise.resolve(JSON.stringify(product.document)) },
    ]);
  });
  beforeEach(() => {
    product.simulator.reset();
    process.env = {
      ...environment,
      STATE_TABLE: product.table.tableName,
      SECRET_IDS: 'demo',
      REPEAT_CALL_SECONDS: '0',
      REPEAT_FAX_SECONDS: '0',
      ...localAwsEnvironment({ dynamoDbUrl: product.table.url, secretsManagerUrl: secrets.url }),
    };
  });
  afterAll(async () => {
    await secrets.close();
    await product.close();
  });

  const call = { ...credentials, To: '6505550100', From: '6505553711' };
  const listed = new RegExp(`^${demoList}$`);
  const faxed = multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')]);

  test.each<[HttpFunction, string, EventOptions, RegExp]>([
    ['ringout', 'lists', { query: { cmd: 'list', ...credentials } }, listed],
    ['ringout', 'calls', formPost({ cmd: 'call', ...call }), /^OK \d{9} 3$/],
    ['ringout', 'answers a status', { query: { cmd: 'status', SessionID: '123456789' } }, /^OK 123456789 $/],
    ['ringout', 'cancels', { query: { cmd: 'cancel', SessionID: '123456789' } }, /^OK 123456789$/],
    ['list', 'lists', { path: '/ringout/list', query: credentials }, listed],
    ['call', 'calls', { path: '/ringout/call', query: call }, /^OK \d{9} 3$/],
    ['status', 'answers a status', { path: '/ringout/status', query: { SessionID: '123456789' } }, /^OK 123456789 $/],
    ['cancel', 'cancels', { path: '/ringout/cancel', query: { SessionID: '123456789' } }, /^OK 123456789$/],
    ['fax', 'faxes', faxed, /^0$/],
    ['catch-all', 'lists', { path: '/RINGOUT.ASP/', query: { cmd: 'list', ...credentials } }, listed],
    ['catch-all', 'faxes', { ...faxed, path: '/FaxOut.asp' }, /^0$/],
    ['catch-all', 'refuses', { path: '/elsewhere' }, /^5$/],
  ])('%s %s', async (name, _, event, body) => {
    const answer = await load(name)(gatewayEvent(event), lambdaContext());
    expect(answer.body).toMatch(body);
    expect(answer.statusCode).toBe(event.path === '/elsewhere' ? 403 : 200);
  });

  test('a session of one function is found by the others', async () => {
    const placed = await load('call')(gatewayEvent({ path: '/ringout/call', query: call }), lambdaContext());
    const sid = placed.body.split(' ')[1] ?? '';
    const query = { SessionID: sid };
    expect(await load('status')(gatewayEvent({ query }), lambdaContext())).toEqual(
      text(`OK ${sid} 1;+16505550100;1;+16505553711;1`),
    );
    expect(await load('cancel')(gatewayEvent({ query }), lambdaContext())).toEqual(text(`OK ${sid}`));
    expect(product.simulator.calls.map(({ cancelledAtMs }) => cancelledAtMs !== undefined)).toEqual([true]);
  });

  test('refresh-token renews the tokens that are due and logs the result', async () => {
    await loadRefresh()({}, lambdaContext(120_000));
    expect(printed.join('')).toContain('RefreshSucceeded');
  });
});
