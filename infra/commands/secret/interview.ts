import { readSecretDocument } from '../../../lib/runtime/secret-document.ts';
import { phoneRules } from '../../../lib/legacy/phone-number.ts';
import type { Prompt } from '../terminal/prompt.ts';

/** An entry of `users` in the document. */
export interface UserEntry {
  readonly username: string;
  readonly extension?: string;
  readonly jwt: string;
  readonly legacyPassword: string | null;
  readonly homeCountry: string;
  readonly callBackNumber?: string;
}

/** A secret document in the form in which it is written. */
export interface SecretDocument {
  readonly serverUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly users: readonly UserEntry[];
}

/** The input ended before the last question, or the person pressed Ctrl-C. */
export class Interrupted extends Error {}

/** Valid values for all other fields while one field is being checked. */
const goodUser: UserEntry = { username: '18889363711', jwt: 'demo', legacyPassword: null, homeCountry: 'US' };
const goodDocument: SecretDocument = {
  serverUrl: 'https://platform.ringcentral.com',
  clientId: 'demo',
  clientSecret: 'demo',
  users: [goodUser],
};

interface Question {
  readonly text: string;
  readonly hidden?: boolean;
  /** The value of an empty answer. */
  readonly usual?: string;
}

/** Asks for the app's credentials. Throws {@link Interrupted}. */
export async function askForApp(prompt: Prompt, tell: (line: string) => void): Promise<Omit<SecretDocument, 'users'>> {
  const ask = (field: keyof SecretDocument, question: Question): Promise<string> =>
    askUntilRight(prompt, tell, question, (value) => mistakeOf({ ...goodDocument, [field]: value }, field));
  return {
    serverUrl: await ask('serverUrl', { text: 'RingCentral server', usual: goodDocument.serverUrl }),
    clientId: await ask('clientId', { text: "The app's client id" }),
    clientSecret: await ask('clientSecret', { text: "The app's client secret (not shown)", hidden: true }),
  };
}

/** Asks for one user's fields except the JWT. Throws {@link Interrupted}. */
export async function askForUser(prompt: Prompt, tell: (line: string) => void): Promise<Omit<UserEntry, 'jwt'>> {
  const ask = (field: keyof UserEntry, question: Question, more: Partial<UserEntry> = {}): Promise<string> =>
    askUntilRight(prompt, tell, question, (value) =>
      mistakeOf({ ...goodDocument, users: [{ ...goodUser, ...more, [field]: value }] }, `users[0].${field}`),
    );
  const username = await ask('username', { text: 'Username: the main number, as the programs send it' });
  const extension = await ask('extension', { text: 'Extension (empty: the main line)', usual: '' }, { username });
  const legacyPassword = await askForPassword(prompt, tell);
  const homeCountry = await ask('homeCountry', { text: 'Home country, two letters', usual: 'US' });
  const callBackNumber = await ask(
    'callBackNumber',
    { text: 'Number that rings first when a program sends no From (empty: the first one of list)', usual: '' },
    { homeCountry },
  );
  return {
    username,
    ...(extension === '' ? {} : { extension }),
    legacyPassword,
    homeCountry,
    ...(callBackNumber === '' ? {} : { callBackNumber }),
  };
}

/** Asks for a JWT. Returns undefined for an empty answer, if that is allowed. Throws {@link Interrupted}. */
export async function askForJwt(
  prompt: Prompt,
  tell: (line: string) => void,
  again: boolean,
): Promise<string | undefined> {
  const text = again ? 'JWT once more (not shown; empty: keep this one)' : "The user's JWT (not shown)";
  const jwt = await askUntilRight(prompt, tell, { text, hidden: true, ...(again ? { usual: '' } : {}) }, (value) =>
    again && value === ''
      ? undefined
      : mistakeOf({ ...goodDocument, users: [{ ...goodUser, jwt: value }] }, 'users[0].jwt'),
  );
  return jwt === '' ? undefined : jwt;
}

/** Asks a question. Returns true if the answer begins with y. Throws {@link Interrupted}. */
export async function isAgreed(prompt: Prompt, question: string): Promise<boolean> {
  return /^y/i.test(await answerTo(prompt, { text: `${question} (y/n)`, usual: 'n' }));
}

/** Returns null only after a second question, because pressing Enter by mistake would disable the password. */
async function askForPassword(prompt: Prompt, tell: (line: string) => void): Promise<string | null> {
  const text = 'Password, as the programs send it (not shown; empty: none)';
  for (;;) {
    const password = await answerTo(prompt, { text, usual: '', hidden: true });
    if (password !== '') return password;
    tell('Without one any password is accepted: the address list alone decides who may call.');
    if (await isAgreed(prompt, 'Is that what you want?')) return null;
  }
}

async function askUntilRight(
  prompt: Prompt,
  tell: (line: string) => void,
  question: Question,
  mistakeIn: (value: string) => string | undefined,
): Promise<string> {
  for (;;) {
    const value = await answerTo(prompt, question);
    const expected = mistakeIn(value);
    if (expected === undefined) return value;
    tell(`  ✗  must be ${expected}`);
  }
}

async function answerTo(prompt: Prompt, { text, hidden = false, usual }: Question): Promise<string> {
  const shownUsual = usual === undefined || usual === '' ? '' : ` [${usual}]`;
  const answer = await prompt.ask(`${text}${shownUsual}: `, { hidden });
  if (answer === undefined) throw new Interrupted();
  return answer === '' ? (usual ?? '') : answer;
}

/** Returns what the product expects at this path of the document; undefined if the value is valid. */
function mistakeOf(document: SecretDocument, path: string): string | undefined {
  const result = readSecretDocument(JSON.stringify(document), phoneRules);
  return result.ok ? undefined : result.problems.find((problem) => problem.path === path)?.expected;
}
