import { gatewayResponses, type GatewayResponse } from '../../resources/gateway-responses.ts';
import { asArray, asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { counted, failed, passed, type Check } from '../report/check.ts';

/**
 * Checks that API Gateway's own responses are as deployed: RingOut and fax programs must read each as a failure.
 *
 * @param answer of `aws apigateway get-gateway-responses`
 */
export function checkGatewayResponses(answer: Json): Check {
  const name = 'gateway responses';
  const actual = new Map(
    asArray(answer['items']).flatMap((value): readonly (readonly [string, Json])[] => {
      const item = asObject(value);
      const type = asText(item?.['responseType']);
      return item === undefined || type === undefined ? [] : [[type, item]];
    }),
  );
  // Compares with the template's own values, so that they are defined only once.
  const all = Object.values(gatewayResponses.Resources).map(({ Properties }) => Properties);
  const wrong = all.filter((properties) => !isAsDeployed(properties, actual.get(properties.ResponseType)));
  if (wrong.length === 0) return passed(name, `${counted(all.length, 'type')} answer as set`);
  return failed(
    name,
    `not as set: ${wrong.map(({ ResponseType }) => ResponseType).join(', ')}`,
    'Somebody has changed the API by hand, or the stack is old; deploy again.',
  );
}

function isAsDeployed(properties: GatewayResponse['Properties'], actual: Json | undefined): boolean {
  return (
    actual !== undefined &&
    String(actual['statusCode']) === properties.StatusCode &&
    holdsAll(actual['responseTemplates'], properties.ResponseTemplates) &&
    holdsAll(actual['responseParameters'], properties.ResponseParameters)
  );
}

function holdsAll(actual: unknown, wantedEntries: Readonly<Record<string, string>>): boolean {
  return Object.entries(wantedEntries).every(([key, value]) => asObject(actual)?.[key] === value);
}
