import pg from 'pg';

/** Classes of errors by which PostgreSQL says that a constraint was kept (Appendix A of its manual). */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** Whether a statement failed since something unique was there already. */
export function isTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION;
}

/** Whether a statement failed since what it refers to is missing, or what it removes is referred to. */
export function isReferred(error: unknown, constraint: string): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === FOREIGN_KEY_VIOLATION &&
    error.constraint === constraint
  );
}
