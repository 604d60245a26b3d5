import { functionRows, type FunctionName, type Route } from '../functions.ts';

/** The function that API Gateway calls for a request, and the route's fields in the event. */
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
 * Chooses a route as API Gateway does: the route of exactly this method and path, with or without a trailing slash;
 * otherwise the catch-all. The catch-all also gets methods for which a path has no route, and no gateway response is
 * sent. Returns undefined for `/`, which `/{proxy+}` does not cover.
 */
export function routeOf(method: string, path: string): RouteMatch | undefined {
  const plainPath = path.replace(/(?<=.)\/$/, '');
  const exact = routes.find((route) => route.path === plainPath && route.method === method);
  if (exact !== undefined) return { name: exact.name, resource: exact.path, pathParameters: null };
  if (path === '/' || catchAll === undefined) return undefined;
  return { name: catchAll.name, resource: catchAll.path, pathParameters: { proxy: path.slice(1) } };
}
