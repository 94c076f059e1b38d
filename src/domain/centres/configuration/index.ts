/** The set-up of centres, trunks and operators as people write it: reading, checking, writing, and differences (R1). */
export { checkChange, diffWorld, type WorldChange, type WorldDifference } from './diff-world.ts';
export { Faults, MOST_FAULTS } from './faults.ts';
export { Fields } from './fields.ts';
export { isCentreCode } from './read-centre.ts';
export { type RoutesReading, readRoutes } from './read-routes.ts';
export { readTriedFormat } from './read-tried-format.ts';
export { readWorld, type World, type WorldReading, type WorldSurroundings } from './read-world.ts';
export { type Written, type WrittenWorld, writeWorld } from './write-world.ts';
