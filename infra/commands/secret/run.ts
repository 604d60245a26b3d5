import { asObject, asText } from '../../../lib/domain/untrusted.ts';
import type { User } from '../../../lib/domain/user.ts';
import { phoneRules } from '../../../lib/legacy/phone-number.ts';
import { readSecretDocument } from '../../../lib/runtime/secret-document.ts';
import { checkDocuments } from '../../secret-document/documents.ts';
import { counted, type Check } from '../report/check.ts';
import { exitCode, renderTable } from '../report/report.ts';
import { unaskedJwt } from '../ringcentral-user/jwt.ts';
import type { RingCentral } from '../ringcentral-user/signed-in.ts';
import { checkUser } from '../ringcentral-user/user-checks.ts';
import type { Prompt } from '../terminal/prompt.ts';
import { explain } from '../command-line/command-line.ts';
import { help, readArguments, type SecretOptions } from './arguments.ts';
import {
  askForApp,
  askForJwt,
  askForUser,
  Interrupted,
  isAgreed,
  type SecretDocument,
  type UserEntry,
} from './interview.ts';

/** The command's external dependencies, which tests replace. */
export interface SecretWorld {
  readonly prompt: Prompt;
  readonly ringCentral: RingCentral;
  /** Whether the next `git add` would add the file. */
  isTakenByGit(path: string): Promise<boolean>;
  readFile(path: string): Promise<string>;
  /** Writes the file with access for its owner only. */
  writeFile(path: string, text: string): Promise<void>;
  /** Prints all output for the person. */
  readonly print: (text: string) => void;
}

/** Runs `npm run secret` with these arguments. Resolves with the exit code. */
export async function runSecret(args: readonly string[], world: SecretWorld): Promise<number> {
  const read = readArguments(args);
  if (read.kind !== 'run') {
    return explain(read, {
      command: 'secret',
      help,
      print: (text) => world.print(text),
      complain: (text) => world.print(text),
    });
  }
  try {
    return await interview(read.options, world);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    world.print('\nStopped: nothing is written.');
    return 1;
  }
}

async function interview({ file, network }: SecretOptions, world: SecretWorld): Promise<number> {
  const { prompt, print } = world;
  if (await world.isTakenByGit(file)) {
    print(`git would take ${file} with the next "git add". Call it secret.json or secret-….json, or put it elsewhere.`);
    return 1;
  }
  const found = await existing(file, world);
  if (found === 'unusable') return 1;
  let document: SecretDocument = found ?? { ...(await askForApp(prompt, print)), users: [] };
  do {
    const entry = await askForWholeUser(document, network, world);
    const extended = withUser(document, entry);
    const { checks } = checkDocuments([{ name: file, text: textOf(extended) }]);
    if (exitCode([{ title: 'Secret document', checks }]) === 0) document = extended;
    else print(`${renderTable([{ title: 'This user is left out', checks }])}\n`);
  } while (await isAgreed(prompt, 'Another user?'));
  if (document.users.length === 0) {
    print('There is no user: nothing is written.');
    return 1;
  }
  try {
    await world.writeFile(file, textOf(document));
  } catch (error) {
    print(`${file} cannot be written (${codeOf(error)}).`);
    return 1;
  }
  print(nextSteps(file));
  return 0;
}

/** Reads the existing document; undefined if there is none. */
async function existing(file: string, world: SecretWorld): Promise<SecretDocument | undefined | 'unusable'> {
  const { print } = world;
  let text: string;
  try {
    text = await world.readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    print(`${file} cannot be read (${codeOf(error)}).`);
    return 'unusable';
  }
  const { checks, users } = checkDocuments([{ name: file, text }]);
  if (exitCode([{ title: '', checks }]) !== 0) {
    print(renderTable([{ title: 'Correct these first', checks }]));
    return 'unusable';
  }
  print(`Adds to ${file}, which has ${counted(users.length, 'user')}.`);
  return JSON.parse(text) as SecretDocument;
}

/** Asks for one user and tests the JWT, unless there is no network. */
async function askForWholeUser(document: SecretDocument, network: boolean, world: SecretWorld): Promise<UserEntry> {
  const { prompt, print } = world;
  const entry = await askForUser(prompt, print);
  let jwt = (await askForJwt(prompt, print, false)) ?? '';
  for (;;) {
    const checks = await tried(userOf(document, { ...entry, jwt }), network, world);
    if (checks.length > 0) print(`\n${renderTable([{ title: 'This user', checks }])}\n`);
    if (!checks.some(({ name, outcome }) => name === 'JWT' && outcome === 'failed')) return { ...entry, jwt };
    const another = await askForJwt(prompt, print, true);
    if (another === undefined) return { ...entry, jwt };
    jwt = another;
  }
}

async function tried(user: User | undefined, network: boolean, world: SecretWorld): Promise<readonly Check[]> {
  if (user === undefined) return [];
  if (network) world.print('asking RingCentral ...');
  return network ? checkUser(user, world.ringCentral) : [unaskedJwt(user.jwt, world.ringCentral.clock.nowMs())];
}

function userOf(document: SecretDocument, entry: UserEntry): User | undefined {
  const result = readSecretDocument(textOf({ ...document, users: [entry] }), phoneRules);
  return result.ok ? result.users[0] : undefined;
}

/** Replaces the user with the same number and extension, or appends the new one. */
function withUser(document: SecretDocument, entry: UserEntry): SecretDocument {
  const key = userOf(document, entry)?.key;
  const others = document.users.filter((each) => userOf(document, each)?.key !== key);
  return { ...document, users: [...others, entry] };
}

const textOf = (document: SecretDocument): string => `${JSON.stringify(document, undefined, 2)}\n`;

const codeOf = (error: unknown): string => asText(asObject(error)?.['code']) ?? 'unknown error';

const nextSteps = (file: string): string => `
${file} is written. What comes next:
  npm run doctor -- --file ${file}          checks all of it
  npm start -- --secret-file ${file}        runs the product with it on this computer: a call rings, a fax is sent
  aws secretsmanager put-secret-value --secret-id ringout-bridge/<stage> --secret-string file://${file}
Delete the file when the secret is stored.`;
