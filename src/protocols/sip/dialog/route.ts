import { type HeaderField, parseAddress, parseUri, printUri } from '../message/index.ts';
import type { Dialog } from './dialog.ts';

/**
 * Request-URI and Route of a request within a dialog (RFC 3261 §12.2.1.1). A strict router, whose Route value
 * has no `lr`, is addressed itself and finds the remote target at the end of the Route.
 */
export function pathWithin(dialog: Dialog): {
  readonly uri: string;
  readonly routes: readonly HeaderField[];
} {
  const { remoteTarget, routeSet } = dialog;
  const first = routeSet[0];
  const router = first === undefined ? undefined : uriOf(first);
  if (router === undefined || isLoose(router)) return { uri: remoteTarget, routes: routeSet.map(routeField) };
  return {
    uri: asRequestUri(router),
    routes: [...routeSet.slice(1), `<${remoteTarget}>`].map(routeField),
  };
}

/** The URI of the place where requests within the dialog are sent: the first router, or the other side. */
export function nextHopOf(dialog: Dialog): string {
  const first = dialog.routeSet[0];
  return (first === undefined ? undefined : uriOf(first)) ?? dialog.remoteTarget;
}

function routeField(value: string): HeaderField {
  return { name: 'Route', value };
}

function uriOf(route: string): string | undefined {
  const address = parseAddress(route);
  return address.ok ? address.value.uri : undefined;
}

function isLoose(router: string): boolean {
  const uri = parseUri(router);
  return !uri.ok || uri.value.params.has('lr');
}

/** Without what a Request-URI must not have: the `method` parameter and headers (RFC 3261 §19.1.1). */
function asRequestUri(router: string): string {
  const uri = parseUri(router);
  if (!uri.ok) return router;
  const params = new Map(uri.value.params);
  params.delete('method');
  return printUri({ ...uri.value, params, headers: new Map() });
}
