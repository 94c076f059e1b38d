export { type Authenticated, Authentication, type AuthenticationOptions } from './authentication.ts';
export type { Block } from './guess-watch.ts';
export { platformHashes } from './platform-digest.ts';
