/** A moment as the API writes it: RFC 3339 in UTC. */
export function timeOf(atMs: number): string;
export function timeOf(atMs: number | undefined): string | undefined;
export function timeOf(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}
