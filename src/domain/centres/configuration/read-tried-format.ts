import { accept, type Result, refuseAll } from '../../refusal/index.ts';
import { checkNumberFormat } from '../format-number.ts';
import type { NumberFormat } from '../trunk.ts';
import { Faults } from './faults.ts';
import { readNumberFormat } from './read-number-format.ts';

/** Reads a number format as people write it, to try it before it is set up. @param pointer where it stands */
export function readTriedFormat(
  written: unknown,
  pointer: string,
): Result<NumberFormat, 'configuration-invalid'> {
  const faults = new Faults();
  const format = readNumberFormat(written, pointer, faults);
  const usable = checkNumberFormat(format);
  if (!usable.ok) {
    const inFormat = usable.refusal.pointer?.replace(/^\/numbers/, '') ?? '';
    faults.add(pointer + inFormat, usable.refusal.detail);
  }
  if (faults.list.length === 0) return accept(format);
  return refuseAll('configuration-invalid', 'The number format cannot be used.', faults.list);
}
