/** Registrations that we make, as a phone or with a carrier (RFC 3261 §10.2). */
export type { RegistrationEvent, RegistrationSetting } from './registration.ts';
export { RegistrationRunner, type RegistrationSurroundings } from './registration-runner.ts';
