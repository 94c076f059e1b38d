import type { RefusalCode } from './codes.ts';

/** A "no" that belongs to the normal course of things: what was wrong, in a sentence for a person. */
export type Refusal<Code extends RefusalCode = RefusalCode> = {
  readonly code: Code;
  /** What was wrong and what to do about it, in one or two English sentences. */
  readonly detail: string;
  /** JSON pointer (RFC 6901) to the part of the input that was refused, where there is one. */
  readonly pointer?: string;
  /** Everything that was wrong, where the input was looked through to its end. */
  readonly faults?: readonly Fault[];
};

/** One thing that is wrong with an input: JSON pointer (RFC 6901) to it, and a sentence for a person. */
export type Fault = { readonly pointer: string; readonly detail: string };

/** Either a value or a refusal; whoever receives it has to look before using it. */
export type Result<Value, Code extends RefusalCode = RefusalCode> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

/** Wraps a value as the successful outcome. */
export function accept<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** Makes the refusing outcome; `detail` says what was wrong and what to do. */
export function refuse<Code extends RefusalCode>(
  code: Code,
  detail: string,
  pointer?: string,
): { readonly ok: false; readonly refusal: Refusal<Code> } {
  return { ok: false, refusal: pointer === undefined ? { code, detail } : { code, detail, pointer } };
}

/** The refusing outcome with all that was wrong. */
export function refuseAll<Code extends RefusalCode>(
  code: Code,
  detail: string,
  faults: readonly Fault[],
): { readonly ok: false; readonly refusal: Refusal<Code> } {
  return { ok: false, refusal: { code, detail, faults } };
}
