/** Tables of rates with versions: what calls cost members, carriers and operators (R23). */
export { amendRows } from './amend-rows.ts';
export { readMoment } from './deck-cells.ts';
export { cellsOf, linesOf, quoted, SEPARATORS, type Separator } from './deck-lines.ts';
export {
  CHANGE_KINDS,
  type ChangeKind,
  diffRows,
  isSameTariff,
  type RowChange,
  type RowDifferences,
} from './diff-rows.ts';
export {
  type DeckFault,
  type DeckProgress,
  type DeckReading,
  MOST_DECK_FAULTS,
  readDeck,
} from './read-deck.ts';
export { sortRows } from './sort-rows.ts';
export { readTariff, TARIFF_KINDS, type Tariff, type TariffKind, type WrittenTariff } from './tariff.ts';
export { numberAtOperator } from './tariff-prefix.ts';
export { type BlockedRow, compareRows, type OpenRow, type TariffRow } from './tariff-row.ts';
export { TariffTable } from './tariff-table.ts';
export {
  type TariffVersion,
  versionIdOf,
  versionInForce,
  versionsInForceSince,
} from './tariff-version.ts';
export { isTimeZone, isWallTime, TimeZone, utcMsOf, type WallTime } from './time-zone.ts';
export { DeckWriter } from './write-deck.ts';
