import { LegacyFailure } from '../../lib/domain/failure.ts';
import { readConfig } from '../../lib/runtime/config.ts';

const whole = { STATE_TABLE: 'demo-state', SECRET_IDS: 'demo' };

test.each([
  ['only what is required', whole, {}],
  ['several secrets, with blanks and empty places', { ...whole, SECRET_IDS: ' a ,, b,' }, { secretIds: ['a', 'b'] }],
  ['a name with blanks around it', { ...whole, STATE_TABLE: ' demo-state ' }, {}],
  ['a maximum age', { ...whole, SECRET_MAX_AGE_SECONDS: '60' }, { secretMaxAgeMs: 60_000 }],
  ['no caching of the secret', { ...whole, SECRET_MAX_AGE_SECONDS: '0' }, { secretMaxAgeMs: 0 }],
  ['an empty maximum age: the default', { ...whole, SECRET_MAX_AGE_SECONDS: '' }, {}],
  ['a service name', { ...whole, POWERTOOLS_SERVICE_NAME: 'demo-stage' }, { serviceName: 'demo-stage' }],
  ['an empty service name: the default', { ...whole, POWERTOOLS_SERVICE_NAME: ' ' }, {}],
  [
    'windows for repeated requests, 0 to switch them off',
    { ...whole, REPEAT_CALL_SECONDS: '0', REPEAT_FAX_SECONDS: '120', REPEAT_UNCERTAIN_SECONDS: '30' },
    { repeatWindows: { callMs: 0, faxMs: 120_000, uncertainMs: 30_000 } },
  ],
  [
    'origins of web pages, with blanks and empty places',
    { ...whole, ALLOWED_ORIGINS: ' https://CRM.example:443 ,, http://localhost:8080' },
    { allowedOrigins: new Set(['https://crm.example', 'http://localhost:8080']) },
  ],
  ['an empty level: the default', { ...whole, LOG_LEVEL: '' }, {}],
  ['a level in capitals', { ...whole, LOG_LEVEL: 'DEBUG' }, { logLevel: 'debug' }],
])('the environment may have %s', (_, env, expected) => {
  expect(readConfig(env)).toEqual({
    stateTable: 'demo-state',
    secretIds: ['demo'],
    secretMaxAgeMs: 300_000,
    logLevel: 'info',
    serviceName: 'ringout-bridge',
    repeatWindows: { callMs: 10_000, faxMs: 60_000, uncertainMs: 60_000 },
    allowedOrigins: new Set(),
    ...expected,
  });
});

test.each([
  ['no table', { SECRET_IDS: 'demo' }, 'STATE_TABLE is not set'],
  ['no secret', { STATE_TABLE: 'demo-state', SECRET_IDS: ' , ' }, 'SECRET_IDS is not set'],
  [
    'an age in words',
    { ...whole, SECRET_MAX_AGE_SECONDS: 'long' },
    'SECRET_MAX_AGE_SECONDS is not a number of seconds',
  ],
  ['a negative age', { ...whole, SECRET_MAX_AGE_SECONDS: '-1' }, 'SECRET_MAX_AGE_SECONDS is not a number of seconds'],
  ['an unknown level', { ...whole, LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of debug, info, warn, error'],
  [
    'an origin with a path',
    { ...whole, ALLOWED_ORIGINS: 'https://crm.example/calls' },
    'ALLOWED_ORIGINS is not a list of web origins',
  ],
  ['nothing at all', {}, 'STATE_TABLE is not set; SECRET_IDS is not set'],
])('an environment with %s is a configuration failure that names the setting', (_, env, hint) => {
  expect(() => readConfig(env)).toThrow(new LegacyFailure('configuration', { hint }));
});
