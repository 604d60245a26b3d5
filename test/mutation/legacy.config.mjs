import { mutationArea } from './area.mjs';

export default mutationArea({ name: 'legacy', mutate: ['lib/legacy/**/*.ts'], tests: ['test/legacy/**/*.test.ts'] });
