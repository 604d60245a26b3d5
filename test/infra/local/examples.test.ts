import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { examples } from '../../../infra/local/examples.ts';
import { closer, listen } from '../../../infra/local/listen.ts';

const values = {
  username: '18889363711',
  extension: '101',
  password: '1234',
  to: '6505550100',
  from: '6505551550',
};

test('there is a line for each command, and status and cancel take the session id from the call', () => {
  const lines = Object.fromEntries(
    examples({ baseUrl: 'http://localhost:3000', ...values }).map(({ command, line }) => [command, line]),
  );
  expect(lines).toEqual({
    list: 'curl "http://localhost:3000/ringout.asp?cmd=list&Username=18889363711&Ext=101&Password=1234"',
    call:
      'CALL=$(curl -s "http://localhost:3000/ringout.asp?cmd=call&Username=18889363711&Ext=101&Password=1234' +
      '&To=6505550100&From=6505551550&Prompt=1"); echo "$CALL"',
    status: `curl "http://localhost:3000/ringout.asp?cmd=status&SessionID=$(echo "$CALL" | cut -d' ' -f2)"`,
    cancel: `curl "http://localhost:3000/ringout.asp?cmd=cancel&SessionID=$(echo "$CALL" | cut -d' ' -f2)"`,
    fax:
      "curl -F 'Username=18889363711*101' -F 'Password=1234' -F 'Recipient=6505550100|Demo Recipient' " +
      "-F 'Coverpage=None' -F 'Attachment=@README.md;type=text/plain' http://localhost:3000/faxapi.asp",
  });
});

test('the lines for PowerShell use curl.exe and no Unix command', () => {
  const lines = examples({ baseUrl: 'http://localhost:3000', ...values }, 'powershell').map(({ line }) => line);
  expect(lines.slice(1, 3)).toEqual([
    '$CALL = curl.exe -s "http://localhost:3000/ringout.asp?cmd=call&Username=18889363711&Ext=101&Password=1234' +
      '&To=6505550100&From=6505551550&Prompt=1"; $CALL',
    'curl.exe "http://localhost:3000/ringout.asp?cmd=status&SessionID=$($CALL.Split(\' \')[1])"',
  ]);
  for (const line of lines) expect(line).toMatch(/^(?:\$CALL = )?curl\.exe /);
});

test('a user of the main line faxes without an extension', () => {
  const [fax] = examples({ baseUrl: '', ...values, extension: '' }).slice(-1);
  expect(fax?.line).toContain("-F 'Username=18889363711' ");
});

test('pasted into a shell, the call’s session id reaches status and cancel', async () => {
  const urls: string[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url ?? '');
    response.end('OK 123456789 3');
  });
  const close = closer(server);
  const baseUrl = `http://127.0.0.1:${await listen(server, 0)}`;
  const lines = examples({ baseUrl, ...values }).filter(({ command }) => command !== 'fax');
  await promisify(execFile)('sh', ['-c', lines.map(({ line }) => line).join('\n')]);
  await close();
  expect(urls.slice(2)).toEqual([
    '/ringout.asp?cmd=status&SessionID=123456789',
    '/ringout.asp?cmd=cancel&SessionID=123456789',
  ]);
});
