import type { FormField } from '../members/index.ts';

/** What a purchase request asks for (R6). */
export const PURCHASE_FORM: readonly FormField[] = [
  {
    name: 'number',
    isRequired: true,
    meaning: 'The number you want: 02-6200-6200-082 for a person, 6200-6200 for an enterprise.',
  },
  {
    name: 'memberId',
    isRequired: false,
    meaning: 'Who is to have the number; yourself where it is left out.',
  },
];
