import type { Fault, FaultKind } from '../../infra/local/simulator/faults.ts';
import { faxCredentials } from '../demo.ts';
import { multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

let product: Product;
beforeAll(async () => { product = await startProduct({ outbox: true, repeatsAreOthers: true }); });
afterAll(() => product.close());
let n = 0;
const letter = file('letter.txt', 'Dear Sir or Madam');
const fax = async () => (await product.send(multipartPost([...faxCredentials, field('Recipient', '65055501' + String(20 + (n++ % 70))), letter]))).body;

const html = '<html>hi</html>';
const bodies: [string, Fault][] = [];
for (const carriedOut of [true, false]) {
  for (const [name, f] of Object.entries({
    empty: { status: 200, body: '' }, noId: { status: 200, body: {} }, nullId: { status: 200, body: { id: null } },
    array: { status: 200, body: [1] }, str: { status: 200, body: '"x"' }, html: { status: 200, body: html, contentType: 'text/html' },
    trunc: { status: 200, body: '{"id": 12' }, s202: { status: 202, body: {} }, s204: { status: 204, body: '' },
    s302: { status: 302, body: '', headers: { location: 'https://example.com/' } }, s307: { status: 307, body: '' , headers: { location: '/x' }},
    s408: { status: 408, body: html }, s409: { status: 409, body: html }, s425: { status: 425, body: html }, s499: { status: 499, body: html },
    s500: { status: 500 }, s502h: { status: 502, body: html, contentType: 'text/html' }, s503: { status: 503, headers: { 'retry-after': '5' } }, s504: { status: 504, body: '' },
    huge: { status: 200, body: 'x'.repeat(9_000_000) },
    gz: { status: 200, body: 'notgzip', headers: { 'content-encoding': 'gzip' } },
    s404h: { status: 404, body: html, contentType: 'text/html' }, s404: { status: 404 , body: {}},
    s429dup: { status: 429, errorCode: 'CMN-304' },
  })) bodies.push([`${name} ${carriedOut ? 'carried out' : 'not'}`, { ...f, carriedOut } as Fault]);
}
bodies.push(['429 no ra', { status: 429, body: '' }], ['429 ra date', { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' } }], ['429 ra 0', { status: 429, headers: { 'retry-after': '0' } }], ['429 neg', { status: 429, headers: { 'retry-after': '-1' } }], ['401', { status: 401 }], ['401 html', { status: 401, body: html }], ['truncated', 'truncated'], ['reset-after', 'reset-after'], ['reset-before', 'reset-before'], ['slow-body','slow-body'],['hang','hang'],['hang-before','hang-before']);

test.each(bodies.filter(([name]) => new RegExp(process.env['ONLY'] ?? '').test(name)))('%s', async (name, fault) => {
  product.nextTest();
  product.simulator.failNext('fax' as FaultKind as never, fault, 1);
  const kept = product.documents.size;
  const timer = setInterval(() => product.clock.advance(3000), 30);
  const body = await fax();
  for (let i = 0; i < 200 && product.documents.size > kept; i += 1) await new Promise((r) => setTimeout(r, 20));
  clearInterval(timer);
  if (!(body === '0' && product.simulator.faxes.length === 1)) console.log(name, body, product.simulator.faxes.length, product.lines.filter((l) => !l.includes('"DEBUG"')).slice(-4).join('\n'));
  expect([name, body, product.simulator.faxes.length]).toEqual([name, '0', 1]);
}, 20_000);
