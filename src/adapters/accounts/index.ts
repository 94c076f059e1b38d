/** Sign-in with e-mail address and password, and sessions as cookies, by better-auth. */
export {
  type Credentials,
  createSignIn,
  type NewUser,
  type SignedIn,
  type SignIn,
  type SignInOptions,
  type SignInUser,
} from './sign-in.ts';
export { loadSignInSecret, openSignInStorage } from './storage.ts';
export type { Visit } from './visit.ts';
