import { Buffer } from 'node:buffer';
import { field, file } from '../multipart.ts';
import { attachment, credentials, everyByte, recipient } from './fax.ts';
import { httpRequest, multipart, multipartType } from './requests.ts';
import type { SocketWorld } from './socket-world.ts';
import { send } from './wire.ts';
import { faxPost, localTest, plain } from './world.ts';

/** How the bytes of a fax arrive over a socket, which events cannot show. */
export function describeFaxUploads(world: () => SocketWorld): void {
  localTest('arrives whole at the largest size, in chunks', async () => {
    const rest = multipart([...credentials, recipient, file('a.tif', '')]).length;
    const large = Buffer.alloc(4_700_000 - rest, everyByte);
    const body = multipart([...credentials, recipient, file('a.tif', large)]);
    const chunked = Buffer.concat([
      Buffer.from('100000\r\n'),
      body.subarray(0, 0x100000),
      Buffer.from(`\r\n${(body.length - 0x100000).toString(16)}\r\n`),
      body.subarray(0x100000),
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const headers = { 'Content-Type': multipartType, 'Transfer-Encoding': 'chunked' };
    expect(await world().ask({ ...faxPost([]), headers, body: chunked })).toEqual(plain('0'));
    expect(world().simulator.faxes.map(({ documents }) => documents[0]?.bytes.equals(large))).toEqual([true]);
  });

  localTest('an aborted upload sends no fax', async () => {
    const whole = httpRequest(world().host, faxPost([...credentials, recipient, attachment]));
    await send(world().baseUrl, whole.subarray(0, whole.length - 40), { hangUp: true });
    expect(await world().ask(faxPost([...credentials, field('Recipient', '6505550101'), attachment]))).toEqual(
      plain('0'),
    );
    expect(world().simulator.faxes.map(({ to }) => to)).toEqual([[{ phoneNumber: '+16505550101', name: undefined }]]);
  });
}
