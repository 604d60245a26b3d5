import { functionRows, type FunctionName, type Route } from '../functions.ts';

/** The function that API Gateway calls for a request, and what the event says of the way there. */
export interface RouteMatch {
  readonly name: FunctionName;
  /** The path of the route, such as `/{proxy+}`. */
  readonly resource: string;
  readonly pathParameters: { readonly proxy: string } | null;
}

const routes: readonly (Route & { readonly name: FunctionName })[] = functionRows.flatMap(({ name, routes: own }) =>
  own.map((route) => ({ ...route, name })),
);
const catchAll = routes.find(({ method }) => method === 'ANY');

/**
 * Chooses as API Gateway does: the route of exactly this method and path, with or without a slash behind; else the one for
 * everything. A method that a path has no route for goes there as well, not to a gateway response. Undefined for `/` alone,
 * which `/{proxy+}` does not cover.
 */
export function routeOf(method: string, path: string): RouteMatch | undefined {
  const plainPath = path.replace(/(?<=.)\/$/, '');
  const exact = routes.find((route) => route.path === plainPath && route.method === method);
  if (exact !== undefined) return { name: exact.name, resource: exact.path, pathParameters: null };
  if (path === '/' || catchAll === undefined) return undefined;
  return { name: catchAll.name, resource: catchAll.path, pathParameters: { proxy: path.slice(1) } };
}
