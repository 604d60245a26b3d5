import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { functionRows } from '../../infra/functions.ts';
import { secretsFor, type Secrets } from '../../infra/secret-ids.ts';
import { stageParams, type StageParams } from '../../infra/params.ts';
import { settingsFrom, type Settings } from '../../infra/settings.ts';

type Params = Record<string, string | number | boolean | readonly string[]>;
const paramsText = readFileSync(join(import.meta.dirname, '../../infra/params.yml'), 'utf8');
const stages = parse(paramsText) as Record<string, Params>;
const defaults: Params = stages['default'] ?? {};
const known = Object.keys(defaults);
const region = 'us-east-1';
const settings = (params: Params, given: readonly string[] = [], service = 'ringout-bridge-prod'): Settings =>
  settingsFrom({ ...defaults, ...params }, given, known, { service, region });

const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/0000-demo';
const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0000-demo';

describe('the parameters', () => {
  test('each have a comment before them', () => {
    const lines = paramsText.split('\n').slice(0, paramsText.split('\n').indexOf('dev:'));
    const paragraphs = lines.join('\n').split('\n\n').slice(1);
    const uncommented = paragraphs.filter((paragraph) => !/^(default:\n)? {2}#/.test(paragraph));
    expect(uncommented.filter((paragraph) => /^ {2}[a-zA-Z]+:/m.test(paragraph))).toEqual([]);
  });

  test.each(Object.entries(stages))('of the stage %s all have a default', (_, params) => {
    expect(Object.keys(params).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('of the stages delete no data, and only local has an address list', () => {
    expect(Object.keys(stages).filter((stage) => stages[stage]?.['deleteDataWithStack'] === true)).toEqual([]);
    expect(Object.keys(stages).filter((stage) => String(stages[stage]?.['allowedCidrs'] ?? '') !== '')).toEqual([
      'local',
    ]);
  });

  test('are converted to their type', () => {
    const written = { deleteDataWithStack: 'true', xrayTracing: 'false', throttleRate: '7', logRetentionDays: '14' };
    expect(settings(written)).toMatchObject({
      deleteDataWithStack: true,
      deletionPolicy: 'Delete',
      xrayTracing: false,
      throttleRate: 7,
      logRetentionDays: 14,
    });
    expect(settings({})['deletionPolicy']).toBe('RetainExceptOnCreate');
  });

  test.each<[string, Params[string], string]>([
    ['none', [], ''],
    ['a list', ['https://crm.example.com', 'HTTP://Intranet:8080'], 'https://crm.example.com,http://intranet:8080'],
    ['a text', 'https://crm.example.com, http://intranet', 'https://crm.example.com,http://intranet'],
    ['an empty text', '', ''],
  ])('allowedOrigins may be %s', (_, written, read) => {
    expect(settings({ allowedOrigins: written }).allowedOrigins).toBe(read);
  });

  test('functionMemoryMb replaces the memory of every function unless it is empty', () => {
    const own = functionRows.map(({ name, memoryMb }) => [name, memoryMb]);
    expect(Object.entries(settings({}).memoryMb)).toEqual(own);
    expect(new Set(Object.values(settings({ functionMemoryMb: '512' }).memoryMb))).toEqual(new Set([512]));
    expect(Object.keys(settings({ functionMemoryMb: 10_240 }).memoryMb)).toEqual(own.map(([name]) => name));
  });

  const instead = /retainData is no parameter any more; .* unless deleteDataWithStack is true: remove retainData\./;

  test('packaging stops for retainData on the command line, and names its replacement', () => {
    expect(() => settings({}, ['retainData=true'])).toThrow(instead);
  });

  test.each<[string, unknown, unknown, RegExp]>([
    [
      'retainData of a stage in params.yml',
      { prod: { retainData: false } },
      null,
      /^infra\/params\.yml, prod: retainData is no/,
    ],
    ['retainData in params.local.yml', {}, { prod: { retainData: true } }, instead],
    ['an unknown name', {}, { dev: { logLevels: 'x' } }, /^infra\/params\.local\.yml, dev: There is no .*"logLevels"/],
    ['a parameter without a stage', {}, { logLevel: 'warn' }, /^infra\/params\.local\.yml must have stages/],
    ['a list', {}, ['prod'], /^infra\/params\.local\.yml must have stages/],
    ['a stage without a block', {}, { prod: null }, /^infra\/params\.local\.yml must have stages/],
  ])('packaging stops for %s in a file', (_, tracked, own, reason) => {
    expect(() => stageParams({ default: defaults, ...(tracked as StageParams) }, own)).toThrow(reason);
  });

  test.each<[string, unknown, unknown]>([
    ['no params.local.yml', null, { default: { logLevel: 'info' }, prod: { logRetentionDays: 90 } }],
    [
      'a params.local.yml',
      { prod: { logLevel: 'warn' }, live: { throttleRate: 5 } },
      {
        default: { logLevel: 'info' },
        prod: { logRetentionDays: 90, logLevel: 'warn' },
        live: { throttleRate: 5 },
      },
    ],
  ])('infra/params.yml is merged with %s', (_, own, wanted) => {
    const tracked = { default: { ...defaults, logLevel: 'info' }, prod: { logRetentionDays: 90 } };
    const merged = stageParams(tracked, own);
    expect({ ...merged, default: { logLevel: merged['default']?.['logLevel'] } }).toEqual(wanted);
  });

  test.each<[string, Params, string]>([
    ['a yes-or-no parameter', { xrayTracing: 'yes' }, 'xrayTracing is "yes"; it must be true or false.'],
    ['the account role', { apiGatewayAccountRole: 'crate' }, 'must be one of create, existing, none.'],
    ['the TLS policy', { tlsPolicy: 'TLS_1_3' }, 'must be one of TLS_1_2, TLS_1_0.'],
    ['the log level', { logLevel: 'verbose' }, 'must be one of debug, info, warn, error.'],
    ['a web origin', { allowedOrigins: ['https://crm.example.com/'] }, 'without a path.'],
    ['on or off', { outbox: 'true' }, 'outbox is "true"; it must be one of on, off.'],
    ['a number', { throttleRate: '0' }, 'throttleRate is "0"; it must be a whole number above 0.'],
    ['the memory', { functionMemoryMb: '128' }, 'must be empty or a whole number of megabytes from 256 to 10240.'],
    [
      'the memory, too large',
      { functionMemoryMb: 10_241 },
      'must be empty or a whole number of megabytes from 256 to 10240.',
    ],
    [
      'the memory, with a unit',
      { functionMemoryMb: '1 GB' },
      'must be empty or a whole number of megabytes from 256 to 10240.',
    ],
    ['the alarm topic', { alarmTopicArn: 'my-topic' }, 'must be empty or the ARN of an SNS topic.'],
    ['the hours a fax waits', { outboxHours: 0 }, 'outboxHours is "0"; it must be a whole number of hours, 1 to 168.'],
    ['the hours a fax waits, over a week', { outboxHours: '169' }, 'a whole number of hours, 1 to 168.'],
    ['the hours a fax waits, as a fraction', { outboxHours: '0.5' }, 'a whole number of hours, 1 to 168.'],
    [
      'the seconds before a second sending, too few',
      { outboxSettleSeconds: 59 },
      'a whole number of seconds, 60 to 900.',
    ],
    [
      'the seconds before a second sending, too many',
      { outboxSettleSeconds: '901' },
      'a whole number of seconds, 60 to 900.',
    ],
    [
      'a window',
      { repeatFaxSeconds: '901' },
      'repeatFaxSeconds is "901"; it must be a whole number of seconds, 0 to 900',
    ],
    ['a key', { outboxKeyArn: keyArn.replace('key/', 'alias/') }, 'must be empty or the ARN of a KMS key (no alias).'],
    ['the domain name', { domainName: 'https://x.example.com', certificateArn }, 'must be empty or a host name'],
    ['a domain without certificate', { domainName: 'x.example.com' }, 'set both or neither'],
    ['a certificate without domain', { certificateArn }, 'set both or neither'],
    ['no address at all', { disableDefaultEndpoint: true }, 'leaves no address to call'],
  ])('packaging stops for a mistake in %s', (_, params, reason) => {
    expect(() => settings(params)).toThrow(reason);
  });

  test('packaging stops for an unknown parameter and for one that is given twice', () => {
    expect(() => settings({}, ['throttelRate=5'])).toThrow('There is no parameter "throttelRate"');
    expect(() => settings({}, ['allowedCidrs=203.0.113.0/24', 'allowedCidrs=198.51.100.0/24'])).toThrow(
      'given more than once',
    );
    expect(() => settings({}, ['allowedCidrs=203.0.113.0/24'])).not.toThrow();
  });
});

describe('the outbox', () => {
  test.each([
    [1, 73, 4],
    [24, 96, 4],
    [25, 97, 5],
    [168, 240, 10],
  ])('with %i hours keeps messages %i hours and bytes %i days', (outboxHours, hours, outboxExpiryDays) => {
    expect(settings({ outboxHours })).toMatchObject({ outboxRetentionSeconds: hours * 3600, outboxExpiryDays });
  });
});

describe('AWS names', () => {
  const topic = 'arn:aws:sns:eu-west-1:123456789012:alarms';

  test('packaging stops for a topic, a certificate and a key of another region, and names the parameter', () => {
    const certificate = certificateArn.replace('us-east-1', 'eu-west-1');
    const outboxKeyArn = keyArn.replace('us-east-1', 'eu-west-1');
    const mistaken = { alarmTopicArn: topic, certificateArn: certificate, domainName: 'x.example.com', outboxKeyArn };
    for (const name of ['alarmTopicArn', 'certificateArn', 'outboxKeyArn']) {
      expect(() => settings(mistaken)).toThrow(`${name} is in eu-west-1, but this deploys to us-east-1`);
    }
    expect(() => settings({ alarmTopicArn: topic.replace('eu-west-1', region) })).not.toThrow();
  });

  test.each(Array.from({ length: 3 }, (_, index) => 34 + index))(
    'a stage may have at most 35 characters: %i',
    (length) => {
      const packaging = (): unknown => settings({}, [], `ringout-bridge-${'s'.repeat(length)}`);
      if (length <= 35) expect(packaging).not.toThrow();
      else
        expect(packaging).toThrow(/stage is 1 characters too long: ringout-bridge-s+ begins .* allows 64 characters/);
    },
  );
});

describe('secretIds', () => {
  const read = (secretIds: unknown, createFirst = false): Secrets => secretsFor(secretIds, { region, createFirst });
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:other/account-AbC123';
  const pattern = (name: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`,
  });

  test.each([
    [
      'a name',
      'ringout-bridge/prod',
      { ids: 'ringout-bridge/prod', first: 'ringout-bridge/prod', arns: [pattern('ringout-bridge/prod')] },
    ],
    ['a text with commas', 'a, b', { ids: 'a,b', first: 'a', arns: [pattern('a'), pattern('b')] }],
    ['a list', ['a', arn], { ids: `a,${arn}`, first: 'a', arns: [pattern('a'), arn] }],
  ])('%s allows exactly those secrets', (_, secretIds, wanted) => {
    expect(read(secretIds)).toEqual(wanted);
  });

  test.each([
    [null],
    [''],
    ['a,'],
    ['*'],
    ['ringout-bridge/*'],
    ['a b'],
    [arn.replace('-AbC123', '-*')],
    ['arn:aws:s3:::bucket'],
  ])('%p is refused', (secretIds) => {
    expect(() => read(secretIds)).toThrow('must list Secrets Manager names or complete ARNs');
  });

  test('a secret of another region is refused, also if it is not the first of the list', () => {
    expect(() => read(`a,${arn.replace('us-east-1', 'eu-west-1')}`)).toThrow(
      'is in eu-west-1, but this deploys to us-east-1',
    );
  });

  test('the first secret must not be an ARN if it is to be created', () => {
    expect(() => read(`${arn},other`, true)).toThrow('Set createSecret=false');
    expect(() => read(`${arn},other`)).not.toThrow();
    expect(() => read(`other,${arn}`, true)).not.toThrow();
  });
});
