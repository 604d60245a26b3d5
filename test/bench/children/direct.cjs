'use strict';
// The comparison for the bundles: the same REST request sent by RingCentral's SDK with native fetch, either with a
// cached token (`direct`) or, as a simple script would do, with a grant each time (`naive`).
const { SDK } = require('@ringcentral/sdk');
const answerParent = require('./answer-parent.cjs');

const extension = '/restapi/v1.0/account/~/extension/~';
const { server, clientId, clientSecret, jwt, faxBytes } = JSON.parse(process.argv[2]);
const document = Buffer.alloc(faxBytes, 'fax ');
let count = 0;

async function login() {
  count += 1;
  const sdk = new SDK({
    server,
    clientId,
    clientSecret,
    fetch,
    Request,
    Response,
    Headers,
    cachePrefix: `bench-${count}-`,
  });
  await sdk.platform().login({ jwt });
  return sdk.platform();
}

function faxForm() {
  const form = new FormData();
  const request = { to: [{ phoneNumber: '+16505550100' }] };
  form.append('json', new Blob([JSON.stringify(request)], { type: 'application/json' }), 'request.json');
  form.append('attachment', new Blob([document], { type: 'application/pdf' }), 'order.pdf');
  return form;
}

const numbers = { from: { phoneNumber: '+16505553711' }, to: { phoneNumber: '+16505550100' }, playPrompt: false };
const operations = {
  list: (platform) => platform.get(`${extension}/forwarding-number`, { page: 1, perPage: 1000 }),
  call: (platform) => platform.post(`${extension}/ring-out`, numbers),
  status: (platform, id) => platform.get(`${extension}/ring-out/${id}`),
  cancel: (platform, id) => platform.delete(`${extension}/ring-out/${id}`),
  fax: (platform) => platform.post(`${extension}/fax`, faxForm()),
};

const platform = login();

answerParent(async ({ command, naive, id, placeCall }) => {
  const held = await platform;
  const from = performance.now();
  const response = await operations[placeCall ? 'call' : command](naive ? await login() : held, id);
  const text = await response.text();
  return { ms: performance.now() - from, id: placeCall ? JSON.parse(text).id : id };
});
