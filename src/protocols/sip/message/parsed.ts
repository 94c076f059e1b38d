/** Why a text could not be read. `status` is what a request with it is answered with, where it can be. */
export type Problem = { readonly status: number; readonly detail: string };

/** A parsed value, or the problem with the text. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

export function parsed<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** A problem that is answered with 400 unless the RFC names another status for it. */
export function malformed(detail: string, status = 400): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { status, detail } };
}
