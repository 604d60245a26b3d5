import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createUserDirectory, type UserDirectory } from '../access/user-directory.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import { asNumber, asObject, asText } from '../domain/untrusted.ts';
import type { PhoneRules } from '../domain/phone.ts';
import type { User } from '../domain/user.ts';
import { findDuplicates, readSecretDocument, type DocumentProblem } from './secret-document.ts';
import { describeError } from './logger.ts';

/** The users of all secret documents. */
export interface SecretSource {
  /**
   * The users, from memory while the last read is young enough. Throws LegacyFailure `configuration` for a document
   * with mistakes and for one that is not there or not ours to read, `secret_unavailable` when Secrets Manager is down.
   */
  directory(): Promise<UserDirectory>;
  /** The users as Secrets Manager has them now. Throws as `directory` does. */
  reload(): Promise<UserDirectory>;
}

/** After a failed read the last good copy serves this long before the next attempt. */
const retryAfterFailureMs = 15_000;

/** What the secrets are read and told with. */
export interface SecretSourceParts {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly secretIds: readonly string[];
  readonly maxAgeMs: number;
  readonly phoneRules: PhoneRules;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Reads and checks all secret documents. The last good copy is kept when Secrets Manager is down, and also when
 * somebody has just stored a document with a mistake: running on yesterday's secret beats not running.
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
  let good: { readonly directory: UserDirectory; readonly readAtMs: number } | undefined;
  let nextTryAtMs = 0;
  let reading: Promise<UserDirectory> | undefined;

  async function readOne(secretId: string): Promise<string> {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8');
  }

  async function readAll(): Promise<UserDirectory> {
    const texts = await Promise.all(secretIds.map(readOne));
    const users: User[] = [];
    const places: string[] = [];
    const problems: DocumentProblem[] = [];
    for (const [index, text] of texts.entries()) {
      const name = secretIds[index] ?? '';
      const result = readSecretDocument(text, phoneRules);
      const at = (path: string): string => `${name}: ${path}`;
      if (result.ok) {
        users.push(...result.users);
        places.push(...result.users.map((_, position) => at(`users[${position}]`)));
      } else {
        problems.push(...result.problems.map(({ path, expected }) => ({ path: at(path), expected })));
      }
    }
    problems.push(...findDuplicates(users, places));
    if (problems.length > 0) throw new DocumentMistaken(problems);
    return createUserDirectory(users);
  }

  async function read(): Promise<UserDirectory> {
    try {
      const directory = await readAll();
      good = { directory, readAtMs: clock.nowMs() };
      return directory;
    } catch (error) {
      metrics.add('SecretFailures');
      nextTryAtMs = clock.nowMs() + retryAfterFailureMs;
      const lastGoodCopyServes = good !== undefined;
      if (error instanceof DocumentMistaken) {
        const problems = error.problems.map(({ path, expected }) => `${path}: ${expected}`);
        log.error('a secret document has mistakes', { problems, lastGoodCopyServes });
        throw new LegacyFailure('configuration', { note: 'a secret document has mistakes' }, { cause: error });
      }
      log.error('the secret cannot be read', { ...describeError(error), lastGoodCopyServes });
      const code = isRefusal(error) ? 'configuration' : 'secret_unavailable';
      throw new LegacyFailure(code, { note: 'the secret cannot be read' }, { cause: error });
    }
  }

  /** One read at a time, shared by all who wait for it. */
  function readShared(): Promise<UserDirectory> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    async directory() {
      const nowMs = clock.nowMs();
      if (good === undefined) return readShared();
      if (nowMs - good.readAtMs <= maxAgeMs || nowMs < nextTryAtMs) return good.directory;
      const last = good.directory;
      return readShared().catch(() => last);
    },
    reload: readShared,
  };
}

/**
 * Whether Secrets Manager said no for good (no such secret, no permission, marked for deletion), and not that it is
 * asked too often, which passes. Both come with a status of 4xx.
 */
function isRefusal(error: unknown): boolean {
  const status = asNumber(asObject(asObject(error)?.['$metadata'])?.['httpStatusCode']) ?? 0;
  return status >= 400 && status < 500 && !/throttl|toomanyrequests/i.test(asText(asObject(error)?.['name']) ?? '');
}

class DocumentMistaken extends Error {
  readonly problems: readonly DocumentProblem[];

  constructor(problems: readonly DocumentProblem[]) {
    super(`${problems.length} mistakes`);
    this.name = 'DocumentMistaken';
    this.problems = problems;
  }
}
