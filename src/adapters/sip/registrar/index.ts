export { createRegistrar, type Registrar, type RegistrarOptions } from './registrar.ts';
