export type { KamailioRole } from './configuration.ts';
export {
  type GrantedRegistration,
  type Kamailio,
  type KamailioOptions,
  type SeenCall,
  startKamailio,
} from './kamailio.ts';
