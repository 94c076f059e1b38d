export { type NameServer, startNameServer, startSilentNameServer } from './name-server.ts';
