import { openEventWorld } from './event-world.ts';
import { describeGolden } from './golden.ts';
import { elsewhere } from './users.ts';
import type { World } from './world.ts';

/* The golden tables, sent to the handlers as events: without a gateway, a socket or a bundle. */

const describeHere = elsewhere === undefined ? describe : describe.skip;
describeHere('events', () => {
  let world: World;
  beforeAll(async () => {
    world = await openEventWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.forget());
  afterEach(() => world.expectNothingUnknown());

  describeGolden(() => world);
});
