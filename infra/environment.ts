import type { Value } from './cloudformation.ts';

/** The environment of every deployed function. The local stack must set each name. */
export const environment = {
  STATE_TABLE: { Ref: 'StateTable' },
  SECRET_IDS: '${self:custom.secrets.ids}',
  SECRET_MAX_AGE_SECONDS: '${self:custom.settings.secretMaxAgeSeconds}',
  REPEAT_CALL_SECONDS: '${self:custom.settings.repeatCallSeconds}',
  REPEAT_FAX_SECONDS: '${self:custom.settings.repeatFaxSeconds}',
  REPEAT_UNCERTAIN_SECONDS: '${self:custom.settings.repeatUncertainSeconds}',
  OUTBOX: '${self:custom.settings.outbox}',
  OUTBOX_BUCKET: { Ref: 'OutboxBucket' },
  OUTBOX_QUEUE_URL: { Ref: 'OutboxQueue' },
  OUTBOX_HOURS: '${self:custom.settings.outboxHours}',
  OUTBOX_SETTLE_SECONDS: '${self:custom.settings.outboxSettleSeconds}',
  ALLOWED_ORIGINS: '${self:custom.settings.allowedOrigins}',
  LOG_LEVEL: '${self:custom.settings.logLevel}',
  POWERTOOLS_SERVICE_NAME: '${self:service}-${sls:stage}',
} as const satisfies Readonly<Record<string, Value>>;

export type EnvironmentName = keyof typeof environment;
