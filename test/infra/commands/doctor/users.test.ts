import { passed } from '../../../../infra/commands/report/check.ts';
import type { PlacedUser } from '../../../../infra/secret-document/documents.ts';
import { checkUsers } from '../../../../infra/commands/doctor/users.ts';
import { userOf } from './user-of-secret.ts';

const people = (count: number): readonly PlacedUser[] =>
  Array.from({ length: count }, (_, index) => ({
    user: userOf('https://platform.ringcentral.com', { extension: index === 0 ? '' : String(100 + index) }),
    place: `a.json: users[${index}]`,
  }));
const going = new AbortController().signal;

test('returns a section per user in order, with four digits of the number', async () => {
  const progressed: string[] = [];
  const sections = await checkUsers(
    people(2),
    (user) => Promise.resolve([passed(user.extension)]),
    (line) => progressed.push(line),
    going,
  );
  expect(sections).toEqual([
    { title: 'User ****3711, main line (a.json: users[0])', checks: [passed('')] },
    { title: 'User ****3711, extension 101 (a.json: users[1])', checks: [passed('101')] },
  ]);
  expect(progressed).toEqual(['user 1 of 2: ****3711, main line ...', 'user 2 of 2: ****3711, extension 101 ...']);
});

test('checks at most five users at the same time', async () => {
  let [now, most] = [0, 0];
  const check = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return [];
  };
  expect(await checkUsers(people(17), check, () => {}, going)).toHaveLength(17);
  expect(most).toBe(5);
});

test('starts no check of another user after an abort', async () => {
  const stopping = new AbortController();
  const check = () => {
    stopping.abort();
    return Promise.resolve([]);
  };
  expect(await checkUsers(people(17), check, () => {}, stopping.signal)).toHaveLength(1);
});
