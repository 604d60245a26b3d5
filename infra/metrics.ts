/*
 * The custom metrics of one stage. Each is billed while it is written (0.30 USD a month in us-east-1), and metrics are
 * most of a quiet deployment's cost. Therefore this is the only list of their names: alarms and dashboard may use no
 * others, and a test counts them. Dimensions: always `service`, and at most one of `command` and `code`.
 */
export const namespace = 'RingOutBridge';
export const byCommand = ['Requests', 'AnswerMs'] as const;
export const byCode = ['Failures'] as const;
export const plain = [
  'UpstreamMs',
  'UpstreamFailures',
  'UpstreamThrottled',
  'Grants',
  'GrantFailures',
  'LeaseWaits',
  'RefreshSucceeded',
  'RefreshFailed',
  'TokenAgeSeconds',
  'TokensPastMargin',
  'JwtsEndingSoon',
  'StateFailures',
  'SecretFailures',
  'UnknownSessions',
  'SessionsLost',
  'RepeatsJoined',
  'FaxesSent',
  'FaxesUnclear',
  'FaxesGivenUp',
  'FailuresToActOn',
  'GatewayFailures', // from the access log, by a metric filter
] as const;

export const commands = ['list', 'call', 'status', 'cancel', 'fax', 'unknown'] as const;
