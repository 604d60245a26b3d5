/*
 * The custom metrics of one stage. Each costs as long as it is written (0.30 USD a month in us-east-1), and metrics are
 * most of what a quiet deployment costs, so the names are listed here once, alarms and dashboard may use no others, and
 * a test counts them. Dimensions: `service` always, and at most one of `command` and `code`.
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
