import type { FormField } from './form-field.ts';

/** What the registration of a member asks for (R10). The number itself is bought as soon as one is a member. */
export const REGISTRATION_FORM: readonly FormField[] = [
  { name: 'kind', isRequired: true, meaning: 'individual or enterprise.' },
  { name: 'name', isRequired: true, meaning: 'Your name, or the name of the firm.' },
  { name: 'address', isRequired: true, meaning: 'Where you live, or where the firm has its seat.' },
  {
    name: 'documentReference',
    isRequired: false,
    meaning: 'Number of an identity card, a passport or the business registration.',
  },
  { name: 'language', isRequired: true, meaning: 'The language you are served in: ko, en or ja.' },
  { name: 'email', isRequired: true, meaning: 'Where we can write to.' },
  {
    name: 'reachableNumber',
    isRequired: true,
    meaning: 'A telephone you can be reached at, with + and the country: +82 2-6200-6200.',
  },
  {
    name: 'numbersElsewhere',
    isRequired: false,
    meaning: 'Numbers you have at other internet telephone operators: operator and number of each.',
  },
];
