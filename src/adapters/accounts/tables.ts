/**
 * Where better-auth finds its models: our own names, since `user` and `session` say too little among fifty
 * other tables (and `user` has to be quoted in SQL), and snake_case as everywhere.
 */
export const TABLES = {
  user: {
    modelName: 'sign_in_users',
    fields: {
      email: 'email',
      emailVerified: 'email_verified',
      name: 'name',
      image: 'image',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  session: {
    modelName: 'sign_in_sessions',
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      token: 'token',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  account: {
    modelName: 'sign_in_credentials',
    fields: {
      providerId: 'provider_id',
      accountId: 'account_id',
      userId: 'user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      scope: 'scope',
      password: 'password',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'sign_in_verifications',
    fields: {
      value: 'value',
      expiresAt: 'expires_at',
      identifier: 'identifier',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
} as const;
