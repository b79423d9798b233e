/** The first five tables belong to better-auth, which generates their text ids. */

import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { AnnotatorKind } from '../../lib/schemas/annotator-kinds';
import { createdAt, updatedAt } from './columns';

export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    /**
     * Only a 'person' has an account: triggers keep sessions, passwords, memberships and links from the others, whose
     * address is none (see imported_annotators).
     */
    kind: text('kind').$type<AnnotatorKind>().notNull().default('person'),
    name: text('name').notNull(),
    email: text('email').notNull().unique(),
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    /** 'admin' | 'researcher' | 'annotator': what the person may do in the whole installation. */
    role: text('role').notNull().default('annotator'),
    twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
    /** Since when the person can neither sign in nor act; null: the account is active. What the person did stays. */
    deactivatedAt: timestamp('deactivated_at', { withTimezone: true }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [check('users_only_people_have_roles', sql`${table.kind} = 'person' or ${table.role} = 'annotator'`)],
);

export const sessions = pgTable('sessions', {
  id: text('id').primaryKey(),
  token: text('token').notNull().unique(),
  userId: text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const accounts = pgTable('accounts', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  providerId: text('provider_id').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  accessToken: text('access_token'),
  refreshToken: text('refresh_token'),
  idToken: text('id_token'),
  accessTokenExpiresAt: timestamp('access_token_expires_at', { withTimezone: true }),
  refreshTokenExpiresAt: timestamp('refresh_token_expires_at', { withTimezone: true }),
  scope: text('scope'),
  password: text('password'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const verifications = pgTable('verifications', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** The authenticator app of a person. Secret and recovery codes are encrypted with the server's secret. */
export const twoFactors = pgTable('two_factors', {
  id: text('id').primaryKey(),
  userId: text('user_id')
    .notNull()
    .unique()
    .references(() => users.id, { onDelete: 'cascade' }),
  secret: text('secret').notNull(),
  backupCodes: text('backup_codes').notNull(),
  /** False until the first code was right: before that it is not asked for. */
  verified: boolean('verified').notNull().default(true),
  failedVerificationCount: integer('failed_verification_count').notNull().default(0),
  lockedUntil: timestamp('locked_until', { withTimezone: true }),
});

/** Codes of authenticator apps that were taken a moment ago, since each is good for one sign-in. */
export const usedCodes = pgTable(
  'used_codes',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the code. */
    codeHash: text('code_hash').notNull(),
    usedAt: timestamp('used_at', { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.codeHash] })],
);

/** One-time links by which a person chooses a new password. An administrator makes them, or the server's command line. */
export const resetLinks = pgTable('reset_links', {
  /** SHA-256 of the token in hex; the token itself is never stored. A person has one link: a new one replaces it. */
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  tokenHash: text('token_hash').notNull().unique(),
  /** Null: the server's command line. */
  createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  createdAt: createdAt(),
});

/** Failed attempts to sign in: see lib/auth/sign-in-limit.ts. */
export const signInAttempts = pgTable(
  'sign_in_attempts',
  {
    /** 'account:', 'address:' or 'device:' and a hash. */
    key: text('key').primaryKey(),
    failures: integer('failures').notNull(),
    lastAt: timestamp('last_at', { withTimezone: true }).notNull(),
  },
  (table) => [index('sign_in_attempts_last').on(table.lastAt)],
);
