/** How changes reach those who keep facts in memory. */
export { createInProcessBus } from './in-process-bus.ts';
export { openSharedBus, type SharedBus, type SharedBusDependencies } from './postgres-bus.ts';
