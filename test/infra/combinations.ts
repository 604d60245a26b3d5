import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { settingsFrom, type Settings } from '../../infra/settings.ts';
import { createStack, ofType, type Template, type Value } from './template.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const defaults = (parse(read('infra/params.yml')) as { default: Record<string, Value> }).default;

/** The conditions of a template for these parameters: infra/resources/conditions.yml with its variables replaced. */
function conditionsFor(settings: Settings): NonNullable<Template['Conditions']> {
  const values: Readonly<Record<string, unknown>> = { ...settings };
  const text = read('infra/resources/conditions.yml').replaceAll(
    /\$\{self:custom\.settings\.(\w+)\}/g,
    (_, name: string) => String(values[name]),
  );
  return (parse(text) as { Conditions: Record<string, Value> }).Conditions;
}

const roles = ['create', 'existing', 'none'];
const domains = ['', 'telephony.example.com'];
const topics = ['', 'arn:aws:sns:us-east-1:123456789012:alarms'];
const secrets = [true, false];
const keys = ['', 'arn:aws:kms:us-east-1:123456789012:key/0000-demo'];
const addresses = ['ipv4', 'dualstack'] as const;

const combinations = roles.flatMap((role) =>
  domains.flatMap((domain) =>
    topics.flatMap((topic) =>
      secrets.flatMap((createSecret) =>
        keys.flatMap((key) => addresses.map((address) => ({ role, domain, topic, createSecret, key, address }))),
      ),
    ),
  ),
);

/**
 * Tests which optional resources each combination creates, and that no Ref, GetAtt or DependsOn leads to one that it
 * leaves out. CloudFormation refuses that before it creates anything. Packages of different parameters differ only in
 * their conditions.
 *
 * @param templates packaged without and with an IPv6 range
 */
export function describeCombinations(templates: () => Readonly<Record<(typeof addresses)[number], Template>>): void {
  test.each(combinations)(
    'account role $role, domain "$domain", topic "$topic", createSecret $createSecret, key "$key", $address',
    ({ role, domain, topic, createSecret, key, address }) => {
      const settings = settingsFrom(
        {
          ...defaults,
          apiGatewayAccountRole: role,
          domainName: domain,
          certificateArn: domain === '' ? '' : 'arn:aws:acm:us-east-1:123456789012:certificate/0000-demo',
          alarmTopicArn: topic,
          createSecret,
          outboxKeyArn: key,
        },
        [],
        Object.keys(defaults),
        { service: 'ringout-bridge-prod', region: 'us-east-1' },
      );
      const stack = createStack({ ...templates()[address], Conditions: conditionsFor(settings) });
      expect({
        account: 'ApiGatewayAccount' in stack,
        accessLog: 'GatewayAccessLog' in stack,
        domain: ofType(stack, 'AWS::ApiGateway::DomainName').length,
        secret: ofType(stack, 'AWS::SecretsManager::Secret').length,
        ownKey: JSON.stringify(stack['OutboxBucket']).includes('aws:kms'),
        notified: ofType(stack, 'AWS::CloudWatch::Alarm').filter(([, alarm]) => 'AlarmActions' in alarm).length > 0,
      }).toEqual({
        account: role === 'create',
        accessLog: role !== 'none',
        domain: domain === '' ? 0 : 1,
        secret: createSecret ? 1 : 0,
        ownKey: key !== '',
        notified: topic !== '',
      });
    },
  );

  test('a reference to a resource that is not created throws', () => {
    const Absent = { Type: 'AWS::SNS::Topic', Condition: 'Never' };
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const referrers: readonly (readonly [object, boolean])[] = [
      [{ DependsOn: ['Absent'] }, true],
      [{ DependsOn: 'Absent' }, true],
      [{ Properties: { Name: { Ref: 'Absent' } } }, true],
      [{ Metadata: { Name: { 'Fn::GetAtt': ['Absent', 'Arn'] } } }, true],
      [{ Properties: { Name: { 'Fn::If': ['Never', { Ref: 'Absent' }, 'x'] } } }, false],
      [{ DependsOn: ['Absent'], Condition: 'Never' }, false],
    ];
    for (const [referrer, isRefused] of referrers) {
      const create = (): unknown =>
        createStack({ Conditions, Resources: { Absent, Referrer: { Type: 'AWS::SNS::Topic', ...referrer } } });
      if (isRefused) expect(create).toThrow('Absent is referred to but not created');
      else expect(create).not.toThrow();
    }
    const Outputs = { Name: { Value: { Ref: 'Absent' } } };
    expect(() => createStack({ Conditions, Resources: { Absent }, Outputs })).toThrow('Absent is referred to');
  });
}
