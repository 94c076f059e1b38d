export { type Authenticated, Authentication, type AuthenticationOptions } from './authentication.ts';
export { platformHashes } from './platform-digest.ts';
