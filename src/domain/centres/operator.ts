import type { WrittenRule } from '../numbering/index.ts';

/** Another VoIP operator: its number plan, and the trunks that lead to it in order (R15). */
export type Operator = {
  /** Unique, as `tello`: small letters, digits and hyphens, at most 32. */
  readonly id: string;
  readonly name: string;
  readonly rules: readonly WrittenRule[];
  /** Trunks by name, the first one first. */
  readonly trunks: readonly string[];
};
