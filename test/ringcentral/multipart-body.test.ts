import { MultipartBody, type BodyPart } from '../../lib/ringcentral/multipart-body.ts';

const request: BodyPart = {
  name: 'json',
  fileName: 'request.json',
  contentType: 'application/json',
  bytes: Buffer.from('{"to":[{"phoneNumber":"+16505550100"}]}'),
};
const allBytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 256);
const letter: BodyPart = {
  name: 'attachment',
  fileName: 'letter.pdf',
  contentType: 'application/pdf',
  bytes: allBytes,
};

/** Body and headers, with the boundary replaced by a word, as bytes in Latin-1. */
function written(headers: Readonly<Record<string, string>>, bytes: Buffer): object {
  const type = headers['Content-Type'] ?? '';
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
  return {
    length: headers['Content-Length'] === undefined ? undefined : Number(headers['Content-Length']) - bytes.length,
    type: type.replace(boundary, 'boundary'),
    body: bytes.toString('latin1').replaceAll(boundary, 'boundary'),
  };
}

describe('a multipart body', () => {
  test.each<readonly [string, readonly BodyPart[]]>([
    ['a request alone', [request]],
    ['a document of all bytes', [request, letter]],
    ['several documents, one of them empty', [request, letter, { ...letter, bytes: new Uint8Array() }, letter]],
    [
      'a name with quotes, line ends and letters of several scripts',
      [{ ...letter, fileName: 'a"b\r\nc\n\\ ü 字 😀 %22.pdf' }],
    ],
    ['a type in capitals', [{ ...letter, contentType: 'Text/Plain; Charset=UTF-8' }]],
    ['an empty type', [{ ...letter, contentType: '' }]],
    ['a type with a line end', [{ ...letter, contentType: 'text/plain\r\nX: y' }]],
    ['a type with letters beyond ASCII', [{ ...letter, contentType: 'ü/ü' }]],
  ])("equals what the platform's FormData sends, except for the boundary: %s", async (_, parts) => {
    const form = new FormData();
    for (const { name, fileName, contentType, bytes } of parts) {
      form.append(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: contentType }), fileName);
    }
    const platform = new Response(form);
    const type = { 'Content-Type': platform.headers.get('content-type') ?? '' };
    const body = new MultipartBody(parts);
    expect(written(body.headers, Buffer.concat([...body]))).toEqual({
      ...written(type, Buffer.from(await platform.arrayBuffer())),
      length: 0,
    });
  });

  test('can be sent again after a 401, unchanged', () => {
    const body = new MultipartBody([request, letter]);
    expect(Buffer.concat([...body])).toEqual(Buffer.concat([...body]));
  });

  test('copies no document but sends views of it', () => {
    const views = [...new MultipartBody([letter])].filter(({ byteLength }) => byteLength > 1000);
    expect(views.length).toBeGreaterThan(1);
    expect(new Set(views.map(({ buffer }) => buffer))).toEqual(new Set([allBytes.buffer]));
  });

  test('is produced in pieces of 64 KB, which a slow connection reads one by one', () => {
    const lengths = [...new MultipartBody([letter])].map(({ byteLength }) => byteLength);
    expect(lengths.slice(1, -2)).toEqual([65_536, 65_536, 65_536, 3392]);
  });

  test('has another boundary each time', () => {
    const types = [1, 2, 3].map(() => new MultipartBody([request]).headers['Content-Type']);
    expect(new Set(types).size).toBe(3);
  });
});
