import { HeaderFields, ReceivedAnswer } from '../../../../lib/ringcentral/messages.ts';
import { createSend, type Send } from '../../../../lib/ringcentral/sdk.ts';
import type { Json } from '../../../../lib/domain/untrusted.ts';
import type { AwsCli, AwsCliResult } from '../../../../infra/commands/aws/aws-cli.ts';
import type { World } from '../../../../infra/commands/world/world.ts';
import { testClock, type TestClock } from '../../../clock.ts';

/** A world with the parts that a test gives. AWS and files throw unless the test gives them. */
export interface TestWorld extends World {
  readonly clock: TestClock;
  readonly printed: string[];
  readonly progressed: string[];
}

const unexpected = (what: string) => (): never => {
  throw new Error(`${what} is not part of this test`);
};

/** @param signal ends the run early, as Ctrl-C does */
export function testWorld(parts: Partial<World> = {}, signal = new AbortController().signal): TestWorld {
  const clock = testClock();
  const printed: string[] = [];
  const progressed: string[] = [];
  return {
    environment: {},
    ringCentral: { send: createSend(clock, '0.0.0'), clock, signal },
    fetch,
    awsCli: unexpected('the AWS CLI'),
    dynamoDb: unexpected('DynamoDB'),
    secretsManager: unexpected('Secrets Manager'),
    sqs: unexpected('SQS'),
    readFile: unexpected('a file'),
    ...parts,
    clock,
    printed,
    progressed,
    print: (text) => printed.push(text),
    progress: (line) => progressed.push(line),
  };
}

/** Sends like `send`, and edits RingCentral's 2xx JSON answers by path. */
export function withAnswers(send: Send, edits: Readonly<Record<string, (json: Json) => Json>>): Send {
  return async (server, request) => {
    const answer = await send(server, request);
    const edit = edits[request.path];
    if (edit === undefined || !answer.ok) return answer;
    const edited = JSON.stringify(edit(JSON.parse(await answer.text()) as Json));
    return new ReceivedAnswer(answer.status, new HeaderFields(), Buffer.from(edited));
  };
}

/** An AWS CLI with given answers by command, such as `apigateway get-stage`. Every other command fails. */
export function fakeAwsCli(answers: Readonly<Record<string, AwsCliResult | object>>): AwsCli {
  return (...args) => {
    const answer = answers[args.slice(0, 2).join(' ')];
    if (answer === undefined) return Promise.resolve({ kind: 'failed', code: 'not in this test' });
    return Promise.resolve('kind' in answer ? answer : { kind: 'answered', json: answer });
  };
}
