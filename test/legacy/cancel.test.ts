import { renderCancel } from '../../lib/legacy/cancel.ts';

test.each(['123456789', '18', '0'])('the answer to cancel is OK and the id: %s', (echo) => {
  expect(renderCancel(echo)).toBe(`OK ${echo}`);
});
