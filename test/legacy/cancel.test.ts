import { renderCancel } from '../../lib/legacy/cancel.ts';

test.each(['123456789', '18', '0'])('cancelling %s is always answered the same', (echo) => {
  expect(renderCancel(echo)).toBe(`OK ${echo}`);
});
