import { mutationArea } from './area.mjs';

export default mutationArea({
  name: 'state',
  mutate: [
    'lib/state/user-row.ts',
    'lib/state/user-store.ts',
    'lib/sessions/{session-memory,status-pacing}.ts',
    'lib/access/password-guesses.ts',
  ],
  tests: [
    'test/state/{user-row,conditional-writes}.test.ts',
    'test/sessions/{find-session,session-memory,status-pacing}.test.ts',
    'test/access/password-guesses.test.ts',
  ],
});
