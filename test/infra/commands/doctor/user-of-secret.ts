import { readSecretDocument } from '../../../../lib/runtime/secret-document.ts';
import type { User } from '../../../../lib/domain/user.ts';
import { demoUser, secretDocument, type DemoUser } from '../../../demo.ts';
import { phoneRules } from '../../../../lib/legacy/phone-number.ts';

/** The demo user, read from the secret document for RingCentral at `serverUrl`. */
export function userOf(serverUrl: string, changes: Partial<DemoUser> = {}): User {
  const result = readSecretDocument(
    JSON.stringify(secretDocument(serverUrl, [{ ...demoUser, ...changes }])),
    phoneRules,
  );
  const user = result.ok ? result.users[0] : undefined;
  if (user === undefined) throw new Error('the demo document is not well-formed');
  return user;
}
