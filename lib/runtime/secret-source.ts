import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createUserDirectory, type UserDirectory } from '../access/user-directory.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import { asNumber, asObject, asText } from '../domain/untrusted.ts';
import type { PhoneRules } from '../domain/phone.ts';
import type { User } from '../domain/user.ts';
import { findDuplicates, readSecretDocument } from './secret-document.ts';
import { describeError } from './logger.ts';

/** The users of all secret documents. */
export interface SecretSource {
  /**
   * Returns the users, from memory while the last read is recent enough. A faulty document affects only its own users:
   * its last good copy is used. Without a copy, looking up a user throws the document's failure. Throws that failure
   * directly when no document is usable: `configuration` for one with mistakes, one that does not exist or one without
   * permission to read; `secret_unavailable` when Secrets Manager is down.
   */
  directory(): Promise<UserDirectory>;
  /**
   * Reads the users from Secrets Manager now, without those of faulty documents. Throws as `directory` does when all
   * documents are faulty.
   */
  reload(): Promise<UserDirectory>;
}

/** After a faulty read the last good copies are used this long before the next read, in milliseconds. */
const retryAfterFailureMs = 15_000;

/** What the secret source needs to read the secrets and report mistakes. */
export interface SecretSourceParts {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly secretIds: readonly string[];
  readonly maxAgeMs: number;
  readonly phoneRules: PhoneRules;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The result of reading one document. */
interface DocumentRead {
  readonly secretId: string;
  readonly outcome: readonly User[] | LegacyFailure;
}

/** The result of reading all documents; a directory is undefined when there are only failures. */
interface DirectoriesRead {
  /** With the last good copies of faulty documents. */
  readonly serving: UserDirectory | undefined;
  /** From this read only. */
  readonly fresh: UserDirectory | undefined;
  readonly failure: LegacyFailure | undefined;
}

/**
 * Reads and checks all secret documents. The last good copy of each is used when Secrets Manager is down. It is also
 * used when a newly stored document has a mistake: serving with an old secret is better than not serving.
 */
export function createSecretSource({
  client,
  secretIds,
  maxAgeMs,
  phoneRules,
  clock,
  log,
  metrics,
}: SecretSourceParts): SecretSource {
  const goodCopies = new Map<string, readonly User[]>();
  let served: { readonly directory: UserDirectory; readonly untilMs: number } | undefined;
  let reading: Promise<DirectoriesRead> | undefined;

  async function readOne(secretId: string): Promise<readonly User[] | LegacyFailure> {
    const lastGoodCopyServes = goodCopies.has(secretId);
    let text: string;
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      text = answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8');
    } catch (error) {
      metrics.add('SecretFailures');
      log.error('the secret cannot be read', { secret: secretId, ...describeError(error), lastGoodCopyServes });
      const code = isDefiniteRefusal(error) ? 'configuration' : 'secret_unavailable';
      return new LegacyFailure(code, { hint: 'the secret cannot be read' }, { cause: error });
    }
    const result = readSecretDocument(text, phoneRules);
    const problems = result.ok ? findDuplicates(result.users, placesOf(result.users)) : result.problems;
    if (!result.ok || problems.length > 0) {
      tellMistakes(
        problems.map(({ path, expected }) => `${secretId}: ${path}: ${expected}`),
        lastGoodCopyServes,
      );
      return new LegacyFailure('configuration', { hint: 'a secret document has mistakes' });
    }
    goodCopies.set(secretId, result.users);
    return result.users;
  }

  function tellMistakes(problems: readonly string[], lastGoodCopyServes: boolean): void {
    metrics.add('SecretFailures');
    log.error('a secret document has mistakes', { problems, lastGoodCopyServes });
  }

  async function readAll(): Promise<DirectoriesRead> {
    const reads = await Promise.all(
      secretIds.map(async (secretId): Promise<DocumentRead> => ({ secretId, outcome: await readOne(secretId) })),
    );
    const fresh = reads.map(({ outcome }) => outcome);
    const copies = reads.map(({ secretId, outcome }) => goodCopies.get(secretId) ?? outcome);
    const doubled = findDuplicates(
      copies.flatMap(usersIn),
      reads.flatMap(({ secretId }) => placesOf(goodCopies.get(secretId) ?? [], `${secretId}: `)),
    );
    if (doubled.length > 0)
      tellMistakes(
        doubled.map(({ path, expected }) => `${path}: ${expected}`),
        false,
      );
    const failure = fresh.find(isFailure);
    const serving = directoryOf(copies);
    if (serving !== undefined) {
      const isFaulty = failure !== undefined || doubled.length > 0;
      served = { directory: serving, untilMs: clock.nowMs() + (isFaulty ? retryAfterFailureMs : maxAgeMs + 1) };
    }
    return { serving, fresh: directoryOf(fresh), failure };
  }

  /** Concurrent callers share one read. */
  function readShared(): Promise<DirectoriesRead> {
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    async directory() {
      if (served !== undefined && clock.nowMs() < served.untilMs) return served.directory;
      const { serving, failure } = await readShared();
      return serving ?? thrown(failure);
    },
    async reload() {
      const { fresh, failure } = await readShared();
      return fresh ?? thrown(failure);
    },
  };
}

function thrown(failure: LegacyFailure | undefined): never {
  throw failure ?? new LegacyFailure('configuration', { hint: 'there is no secret document' });
}

const isFailure = (outcome: readonly User[] | LegacyFailure): outcome is LegacyFailure =>
  outcome instanceof LegacyFailure;

const usersIn = (outcome: readonly User[] | LegacyFailure): readonly User[] => (isFailure(outcome) ? [] : outcome);

const placesOf = (users: readonly User[], document = ''): readonly string[] =>
  users.map((_, position) => `${document}users[${position}]`);

/** Returns undefined when there are only failures. */
function directoryOf(documents: readonly (readonly User[] | LegacyFailure)[]): UserDirectory | undefined {
  if (documents.every(isFailure)) return undefined;
  return createUserDirectory(documents.flatMap(usersIn), documents.find(isFailure));
}

/**
 * Whether Secrets Manager refused for good: no such secret, no permission, or marked for deletion. Throttling is
 * temporary, and its status is 4xx as well.
 */
function isDefiniteRefusal(error: unknown): boolean {
  const status = asNumber(asObject(asObject(error)?.['$metadata'])?.['httpStatusCode']) ?? 0;
  return status >= 400 && status < 500 && !/throttl|toomanyrequests/i.test(asText(asObject(error)?.['name']) ?? '');
}
