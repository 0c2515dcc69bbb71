import { randomBytes } from 'node:crypto';
import { optional, readSettings, setting, type Env } from '../settings.ts';
import { parseDuration } from '../../common/duration.ts';

export interface TokenConfig {
  readonly secret: string;
  readonly accessMs: number;
  readonly refreshMs: number;
}

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readTokenConfig(env: Env): TokenConfig {
  const values = readSettings(TOKEN_SETTINGS, env);
  return {
    secret: values.JWT_SECRET ?? randomBytes(32).toString('base64url'),
    accessMs: values.ACCESS_TOKEN_LIFETIME,
    refreshMs: values.REFRESH_TOKEN_LIFETIME,
  };
}

export const TOKEN_SETTINGS = {
  JWT_SECRET: setting(
    optional(String),
    '',
    'what tokens are signed with (random: tokens end with the portal)',
  ),
  ACCESS_TOKEN_LIFETIME: setting(parseDuration, '1h', 'how long an access token is good for'),
  REFRESH_TOKEN_LIFETIME: setting(parseDuration, '720h', 'how long a refresh token is good for'),
};
