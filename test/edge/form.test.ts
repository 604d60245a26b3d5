import { readEvent } from '../../lib/edge/event.ts';
import { readForm } from '../../lib/edge/form.ts';
import { gatewayEvent } from '../product.ts';

const read = (contentType: string | undefined, body: string) =>
  readForm(
    readEvent(
      gatewayEvent({ method: 'POST', body, headers: contentType === undefined ? {} : { 'Content-Type': contentType } }),
    ),
  );

describe('a body', () => {
  test.each([
    ['without a content type', undefined, 'cmd=list&Ext=101'],
    ['of the url-encoded type', 'application/x-www-form-urlencoded', 'cmd=list&Ext=101'],
    ['that a gateway called JSON for want of a type', 'application/json', 'cmd=list&Ext=101'],
    ['that a gateway called JSON, beginning with an array field', 'application/json', 'Recipient[]=1&cmd=list'],
  ])('%s is read as a form', (_, contentType, body) => {
    const form = read(contentType, body);
    expect([form.body, form.fields.first('cmd')]).toEqual(['read', 'list']);
  });

  test.each([
    ['that is JSON', 'application/json', '{"cmd":"list"}'],
    ['of a type no legacy program sends', 'text/xml', 'cmd=list'],
  ])('%s is ignored', (_, contentType, body) => {
    const form = read(contentType, body);
    expect([form.body, form.fields.first('cmd')]).toEqual(['ignored', undefined]);
  });
});
