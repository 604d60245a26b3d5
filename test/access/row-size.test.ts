import { guessSource } from '../../lib/access/guess-source.ts';
import { hashGuess, maxMarks, maxSources, otherSources } from '../../lib/access/password-guesses.ts';
import type { User } from '../../lib/domain/user.ts';
import { wrongPasswordAttribute, wrongPasswordMember } from '../../lib/state/user-row.ts';

test('the marks of a user take under 16 KB, as docs/limits.md says', () => {
  const user = { key: 'demo-user', clientSecret: 'demo-client-secret' } as User;
  const longest = Array.from({ length: maxSources }, (_, index) =>
    guessSource(`${(0xf000 + index).toString(16)}:ffff:ffff:ffff:ffff:ffff:ffff:ffff`),
  );
  const member = wrongPasswordMember({ hash: hashGuess(user, '1234'), atMs: 1_800_000_000_000 });
  // DynamoDB counts the bytes of names and values.
  const names = [...longest, otherSources];
  const bytes = names.reduce((sum, name) => sum + wrongPasswordAttribute(name).length + name.length, 0);
  expect(bytes + names.length * maxMarks * member.length).toBeLessThan(16 * 1024);
});
