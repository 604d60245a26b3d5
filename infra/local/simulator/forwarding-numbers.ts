import { pagedAnswer } from './paging.ts';
import { extensionPath, type Route } from './route.ts';

/** `GET …/forwarding-number`, the source of the answer to `cmd=list`. */
export const forwardingNumberRoute: Route = {
  kind: 'forwarding-number',
  group: 'light',
  method: 'GET',
  path: new RegExp(`^${extensionPath}/forwarding-number$`),
  handle: (request) =>
    pagedAnswer(
      request,
      `${extensionPath}/forwarding-number`,
      (request.user.forwardingNumbers ?? []).map((record) => ({
        uri: `${request.baseUrl}${extensionPath}/forwarding-number/${record.id ?? ''}`,
        ...record,
      })),
    ),
};
