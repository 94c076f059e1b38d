import { z } from 'zod';

/**
 * Text that comes in, in one line: control characters belong into no name, number or id, and PostgreSQL takes no
 * U+0000.
 */
export function line(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'Write it in one line, without control characters.');
}
