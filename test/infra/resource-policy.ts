import type { Properties, Value } from './template.ts';

/** One request as a resource policy sees it. */
export interface Request {
  readonly sourceIp: string;
  /** `<stage>/<method>/<path>` */
  readonly route: string;
}

const api = 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5';

/**
 * Whether a resource policy allows an anonymous request, by IAM's rules: an explicit Deny wins, else an Allow is
 * needed. Supports only what these policies use, and throws for everything else.
 */
export function isAllowed(policy: Value, request: Request): boolean {
  const { Version, Statement } = policy as Properties;
  if (Version !== '2012-10-17' || !Array.isArray(Statement)) throw new Error('Not a policy');
  const matching = (Statement as readonly Properties[])
    .filter((statement) => applies(statement, request))
    .map(({ Effect }) => Effect);
  return matching.includes('Allow') && !matching.includes('Deny');
}

function applies(statement: Properties, { sourceIp, route }: Request): boolean {
  const { Effect, Principal, Action, Resource, Condition = {}, ...unknown } = statement;
  if (Object.keys(unknown).length > 0 || (Effect !== 'Allow' && Effect !== 'Deny') || Principal !== '*') {
    throw new Error(`Not understood: ${JSON.stringify(statement)}`);
  }
  return (
    list(Action).some((pattern) => like(pattern, 'execute-api:Invoke')) &&
    // API Gateway expands the short form to this API's ARN when it saves the policy.
    list(Resource).some((pattern) => like(pattern.replace(/^execute-api:\//, `${api}/`), `${api}/${route}`)) &&
    Object.entries(Condition as Properties).every(([operator, operands]) =>
      holds(operator, operands as Properties, sourceIp),
    )
  );
}

function holds(operator: string, operands: Properties, sourceIp: string): boolean {
  const { 'aws:SourceIp': ranges, ...unknown } = operands;
  if (ranges === undefined || Object.keys(unknown).length > 0)
    throw new Error(`Not understood: ${JSON.stringify(operands)}`);
  const inside = list(ranges).some((range) => contains(range, sourceIp));
  if (operator === 'IpAddress') return inside;
  if (operator === 'NotIpAddress') return !inside;
  throw new Error(`Unknown operator ${operator}`);
}

/** True if the range in CIDR notation holds the address. An IPv4 range holds no IPv6 address and vice versa. */
export function contains(range: string, address: string): boolean {
  const [network = '', prefix = ''] = range.split('/');
  const a = bitsOf(network);
  const b = bitsOf(address);
  return a.length === b.length && a.slice(0, Number(prefix)) === b.slice(0, Number(prefix));
}

/** An address as a text of 32 or 128 binary digits. */
function bitsOf(address: string): string {
  const binary = (value: number, digits: number): string => value.toString(2).padStart(digits, '0');
  if (!address.includes(':'))
    return address
      .split('.')
      .map((byte) => binary(Number(byte), 8))
      .join('');
  const [head = '', tail = ''] = address.split('::');
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(address.includes('::') ? missing : 0).fill('0'), ...groups(tail)];
  return all.map((group) => binary(Number.parseInt(group, 16), 16)).join('');
}

function list(value: Value | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
