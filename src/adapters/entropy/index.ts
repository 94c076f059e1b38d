/** Names, chance and one-way functions, from the platform. */
export { createIdentifiers, systemHash, systemRandomness } from './entropy.ts';
