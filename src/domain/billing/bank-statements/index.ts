/** What banks say has come in: statements as CSV, and the payment references in them. */
export { findReferences } from './find-references.ts';
export {
  readStatement,
  type StatementFault,
  type StatementLine,
  type StatementReading,
} from './read-statement.ts';
