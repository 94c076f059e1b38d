/** The same object in which what may be undefined may only be absent. */
export type Definite<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/** Leaves out what is undefined: a parsed request says `undefined` where the services expect nothing. */
export function definite<Fields extends object>(fields: Fields): Definite<Fields> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Definite<Fields>;
}
