import { mutationArea } from './area.mjs';

export default mutationArea({
  name: 'token',
  mutate: ['lib/token/**/*.ts', 'lib/domain/token.ts'],
  related: false,
  // Without single-flight.test.ts, because it runs a bundle in worker threads, where Stryker cannot activate a mutant.
  tests: [
    'test/token/{lease,many-users,refused-jwt,renew-all,throttled}.test.ts',
    'test/token/{token-life,token-source,without-table}.test.ts',
    'test/domain/token.test.ts',
  ],
});
