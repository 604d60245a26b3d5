import { isFaxFailure, shownAnswer, wireProblems } from '../legacy-endpoint/answer.ts';
import type { SendLegacy } from '../legacy-endpoint/request.ts';
import { failed, passed, type Check } from '../report/check.ts';

/** Above Lambda's limit and below API Gateway's. */
const tooLargeBytes = 5_000_000;

const name = 'POST of 5 MB';

/**
 * Sends a fax form that is too large for Lambda, without user and recipient, so that it cannot cause a fax. AWS does
 * not document the answer. Both answers that were reported are failures.
 */
export async function sendTooLarge(send: SendLegacy): Promise<Check> {
  const answer = await send({ path: '/faxapi.asp', sending: 'form', fields: [['Filler', 'x'.repeat(tooLargeBytes)]] });
  if ('problem' in answer) return failed(name, answer.problem, answer.remedy);
  const { status, body } = answer;
  if (status === 413) {
    return passed(name, `AWS answers 413 ${shownAnswer(body)} by itself: see docs/limits.md, size of a request`);
  }
  const problems = [...wireProblems(answer), ...(isFaxFailure(body) ? [] : [`it said ${shownAnswer(body)}`])];
  if (problems.length === 0) return passed(name, `${shownAnswer(body)}, as for any other failure`);
  return failed(
    name,
    problems.join('; '),
    'Something stands in front of the endpoint, or AWS answers otherwise than known.',
  );
}
