/** The exports that serverless.yml uses by name through serverless.cjs. The default export is the plugin. */
export { default } from './plugin.ts';
export { resolveAccess as access } from './allowed-cidrs.ts';
export { environment } from './environment.ts';
export { resolveAlarms as alarms } from './resources/alarms.ts';
export { resolveDashboard as dashboard } from './resources/dashboard.ts';
export { functionSettings as functions } from './resources/functions.ts';
export { resolveParams as params } from './params.ts';
export { gatewayResponses } from './resources/gateway-responses.ts';
export { roles } from './resources/roles.ts';
export { resolveSavedQueries as savedQueries } from './resources/saved-queries.ts';
export { resolveSecrets as secrets } from './secret-ids.ts';
export { resolveSettings as settings } from './settings.ts';
