/** One thing that a form asks for. */
export type FormField = {
  readonly name: string;
  readonly isRequired: boolean;
  /** What to write, in an English sentence. */
  readonly meaning: string;
};
