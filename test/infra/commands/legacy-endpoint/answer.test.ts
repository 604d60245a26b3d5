import { isList, shownAnswer } from '../../../../infra/commands/legacy-endpoint/answer.ts';

test.each([
  ['OK 6505553711;Home;6505551550;Business', true],
  ['OK 442071838750;London', true],
  ['OK +442071838750;London', true],
  ['OK ', true],
  ['OK', false],
  ['OK 6505553711', false],
  ['OK 6505553711;Home;', false],
  ['OK 6505553711;', false],
  ['OK Home;6505553711', false],
  ['OK 6505553711;Home;6505551550;Home', false],
  ['FAILED Invalid User or Password', false],
])('"%s" is an answer to list: %s', (body, expected) => {
  expect(isList(body)).toBe(expected);
});

test('an answer is shown without whole phone numbers and session ids', () => {
  expect(shownAnswer('OK 550000001 1;+16505550100;1;+442071838750;0')).toBe('"OK ****0001 1;+****0100;1;+****8750;0"');
});
