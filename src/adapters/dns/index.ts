/** The DNS: SIP servers, telephone numbers, and what proves a domain. */
export { createNameService, type NameService, type NameServiceOptions } from './name-service.ts';
export { isPublicAddress } from './public-address.ts';
export { Remembering } from './remembering.ts';
