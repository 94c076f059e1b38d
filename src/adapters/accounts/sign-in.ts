import { type Auth, type BetterAuthOptions, betterAuth } from 'better-auth';
import type { Logger } from 'pino';
import { z } from 'zod';
import { accept, type RefusalCode, type Result, refuse } from '../../domain/refusal/index.ts';
import { TABLES } from './tables.ts';
import { PEER_HEADER, SIGN_IN_URL, type Visit, visitHeaders, visitRequest } from './visit.ts';

/** A person who can sign in; what they may do here is the matter of their account. */
export type SignInUser = { readonly id: string; readonly email: string; readonly name: string };

/** Somebody is signed in from now on: the cookies to set, `Set-Cookie` values as they are. */
export type SignedIn = { readonly user: SignInUser; readonly setCookies: readonly string[] };

export type Credentials = { readonly email: string; readonly password: string };

export type NewUser = Credentials & { readonly name: string };

/** E-mail address and password, and the sessions that follow from them. */
export type SignIn = {
  /** Makes a user, without signing in. */
  createUser(user: NewUser): Promise<Result<SignInUser>>;
  /** Unmakes a user and all their sessions. */
  removeUser(userId: string): Promise<void>;
  /** The users with these ids that there are. */
  usersOf(userIds: readonly string[]): Promise<readonly SignInUser[]>;
  /** Makes a user who is signed in from then on. */
  signUp(visit: Visit, user: NewUser): Promise<Result<SignedIn>>;
  signIn(visit: Visit, credentials: Credentials): Promise<Result<SignedIn>>;
  /** @returns the cookies to set so that the browser forgets */
  signOut(visit: Visit): Promise<Result<readonly string[]>>;
  /** Changes the password and ends all other sessions. */
  changePassword(
    visit: Visit,
    change: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<Result<readonly string[]>>;
  /** Who the cookie of the visit belongs to, if it is valid. */
  userOf(visit: Visit): Promise<SignInUser | undefined>;
};

export type SignInOptions = {
  /** Where users and sessions are kept: `{ db, type: 'postgres', transaction: true }`, or a memory adapter in tests. */
  readonly storage: NonNullable<BetterAuthOptions['database']>;
  /** Signs the cookies; at least 32 characters. */
  readonly secret: string;
  /** Web sites whose pages may use the cookie: `https://numbers.example`. Asked at every request. */
  readonly trustedOrigins: () => readonly string[];
  /** Cookies over TLS only; wherever the service is reached by https. */
  readonly secureCookies?: boolean;
  /** Ids for users and sessions. */
  readonly newId: () => string;
  readonly log: Logger;
  /** How many attempts one address has to sign in, sign up or change a password. */
  readonly attempts?: { readonly max: number; readonly windowSeconds: number };
};

/** Enough for a person with several passwords in mind, too few to try a dictionary. */
const ATTEMPTS = { max: 10, windowSeconds: 60 };

const PASSWORD_LENGTH = { min: 10, max: 128 };

/** Sign-in by better-auth: its password hashing (scrypt), sessions, cookies and origin check, and nothing else of it. */
export function createSignIn(options: SignInOptions): SignIn {
  const auth = betterAuth(authOptions(options));
  return {
    createUser: (user) => createUser(auth, user),
    removeUser: async (userId) => {
      const { internalAdapter } = await auth.$context;
      await internalAdapter.deleteUserSessions(userId);
      await internalAdapter.deleteUser(userId);
    },
    usersOf: async (userIds) => {
      const { adapter } = await auth.$context;
      const where = [{ field: 'id', operator: 'in' as const, value: [...userIds] }];
      return userIds.length === 0
        ? []
        : (await adapter.findMany<SignInUser>({ model: 'user', where })).map(userFrom);
    },
    signUp: async (visit, { email, password, name }) =>
      signedInFrom(await auth.handler(visitRequest(visit, '/sign-up/email', { email, password, name }))),
    signIn: async (visit, { email, password }) =>
      signedInFrom(await auth.handler(visitRequest(visit, '/sign-in/email', { email, password }))),
    signOut: async (visit) => cookiesFrom(await auth.handler(visitRequest(visit, '/sign-out', {}))),
    changePassword: async (visit, change) => {
      const body = { ...change, revokeOtherSessions: true };
      return cookiesFrom(await auth.handler(visitRequest(visit, '/change-password', body)));
    },
    userOf: async (visit) => {
      const headers = visitHeaders(visit);
      if (!headers.has('cookie')) return undefined;
      const session = await auth.api.getSession({ headers });
      return session === null ? undefined : userFrom(session.user);
    },
  };
}

/** How better-auth is set up here. */
export function authOptions(options: SignInOptions): BetterAuthOptions {
  const { max, windowSeconds: window } = options.attempts ?? ATTEMPTS;
  const attempts = { max, window };
  return {
    appName: 'omnidial',
    baseURL: SIGN_IN_URL,
    secret: options.secret,
    database: options.storage,
    ...TABLES,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    trustedOrigins: () => [...options.trustedOrigins()],
    telemetry: { enabled: false },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      customRules: { '/sign-up/email': attempts, '/sign-in/email': attempts, '/change-password': attempts },
    },
    advanced: {
      cookiePrefix: 'omnidial',
      useSecureCookies: options.secureCookies ?? false,
      // Said outright, because better-auth leaves both checks out where NODE_ENV is `test`.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
      database: { generateId: () => options.newId(), validateSchema: false },
    },
    logger: {
      level: 'warn',
      log: (level, message) => options.log[level]({ from: 'better-auth' }, message),
    },
  };
}

/** Makes user and credential together: a user without a password could never sign in, nor sign up again. */
async function createUser(
  auth: Auth<BetterAuthOptions>,
  { email, password, name }: NewUser,
): Promise<Result<SignInUser>> {
  if (!z.email().safeParse(email).success) {
    return refuse('email-invalid', `"${email}" is not an e-mail address.`, '/email');
  }
  if (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max) {
    const range = `${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max}`;
    return refuse('password-too-weak', `A password has ${range} characters.`, '/password');
  }
  const context = await auth.$context;
  const address = email.toLowerCase();
  const taken = refuse('already-signed-up', 'Sign in, or sign up with another address.', '/email');
  if ((await context.internalAdapter.findUserByEmail(address)) !== null) return taken;
  const hash = await context.password.hash(password);
  const now = new Date();
  const times = { createdAt: now, updatedAt: now };
  try {
    return await context.adapter.transaction(async (transaction) => {
      const user = await transaction.create<Record<string, unknown>, SignInUser>({
        model: 'user',
        data: { email: address, name, emailVerified: false, ...times },
      });
      await transaction.create({
        model: 'account',
        data: { userId: user.id, providerId: 'credential', accountId: user.id, password: hash, ...times },
      });
      return accept(userFrom(user));
    });
  } catch (error) {
    // Two sign-ups at once with one address: the unique index lets one of them through.
    if ((await context.internalAdapter.findUserByEmail(address)) !== null) return taken;
    throw error;
  }
}

function userFrom({ id, email, name }: SignInUser): SignInUser {
  return { id, email, name };
}

async function signedInFrom(response: Response): Promise<Result<SignedIn>> {
  if (!response.ok) return refusalFrom(response);
  const { user } = (await response.json()) as { user: SignInUser };
  return accept({ user: userFrom(user), setCookies: response.headers.getSetCookie() });
}

async function cookiesFrom(response: Response): Promise<Result<readonly string[]>> {
  return response.ok ? accept(response.headers.getSetCookie()) : refusalFrom(response);
}

/** What better-auth refused, in our words; its own codes are not part of our interface. */
async function refusalFrom(response: Response): Promise<Result<never>> {
  const { code = '' } = (await response.json().catch(() => ({}))) as { code?: string };
  if (response.status === 429) {
    const seconds = response.headers.get('x-retry-after') ?? '60';
    return refuse(
      'too-many-requests',
      `Too many attempts from your address. Try again in ${seconds} seconds.`,
    );
  }
  const known = REFUSALS[code];
  if (known !== undefined) return refuse(known[0], known[1]);
  if (response.status === 401) return refuse('not-signed-in', 'Sign in first.');
  throw new Error(`sign-in failed with ${response.status} ${code}`);
}

const REFUSALS: Readonly<Record<string, readonly [RefusalCode, string]>> = {
  // Of two sign-ups at once with one address the index lets one through; better-auth says no more of it.
  FAILED_TO_CREATE_USER: ['already-signed-up', 'Sign in, or sign up with another address.'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: ['already-signed-up', 'Sign in, or sign up with another address.'],
  // All else that better-auth reads of a request was made here.
  VALIDATION_ERROR: ['email-invalid', 'This is not an e-mail address.'],
  INVALID_EMAIL: ['email-invalid', 'This is not an e-mail address.'],
  INVALID_EMAIL_OR_PASSWORD: ['sign-in-refused', 'The e-mail address or the password is wrong.'],
  INVALID_PASSWORD: ['sign-in-refused', 'The current password is wrong.'],
  PASSWORD_TOO_SHORT: ['password-too-weak', `A password has at least ${PASSWORD_LENGTH.min} characters.`],
  PASSWORD_TOO_LONG: ['password-too-weak', `A password has at most ${PASSWORD_LENGTH.max} characters.`],
  INVALID_ORIGIN: ['origin-not-allowed', 'The page that sent this is not one of this service.'],
  MISSING_OR_NULL_ORIGIN: ['origin-not-allowed', 'A request with a session cookie has to name its Origin.'],
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: [
    'origin-not-allowed',
    'The page that sent this is not one of this service.',
  ],
};
