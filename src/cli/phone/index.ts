export { phone } from './phone.ts';
