import { PassThrough } from 'node:stream';
import { openPrompt } from '../../../../infra/commands/terminal/prompt.ts';

function terminal(isTerminal: boolean) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, prompt: openPrompt(input, output, isTerminal), shown: () => String(output.read() ?? '') };
}

test('a terminal shows a normal answer and not a hidden one', async () => {
  const { input, prompt, shown } = terminal(true);
  const password = prompt.ask('Password: ', { hidden: true });
  input.write('demo-password\r');
  expect(await password).toBe('demo-password');
  const name = prompt.ask('Name: ');
  input.write('Dana\r');
  expect(await name).toBe('Dana');
  const text = shown();
  expect(text).toContain('Password: ');
  expect(text).not.toContain('demo-password');
  expect(text).toContain('Dana');
  prompt.close();
});

test('piped answers are kept for their questions, and undefined follows the last one', async () => {
  const { input, prompt } = terminal(false);
  input.end('one\r\n two \nthree');
  const answers = [await prompt.ask('1'), await prompt.ask('2', { hidden: true }), await prompt.ask('3')];
  expect(answers).toEqual(['one', 'two', 'three']);
  expect(await prompt.ask('4')).toBeUndefined();
});

test('Ctrl-C at a question answers undefined', async () => {
  const { input, prompt } = terminal(true);
  const answer = prompt.ask('Password: ', { hidden: true });
  input.write('\u0003');
  expect(await answer).toBeUndefined();
});

test('a JWT longer than a line of a terminal arrives whole', async () => {
  const { input, prompt } = terminal(true);
  const jwt = 'x'.repeat(6000);
  const answer = prompt.ask('JWT: ', { hidden: true });
  input.write(`${jwt}\r`);
  expect(await answer).toBe(jwt);
  prompt.close();
});
