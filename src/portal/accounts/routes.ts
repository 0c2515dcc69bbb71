import type { Router } from '@koa/router';
import type { PortalState } from '../http/context.ts';
import { jsonBody } from '../http/json-body.ts';
import { refuseAbove } from '../http/limit-requests.ts';
import type { Limiter } from '../http/limiter.ts';
import type { Accounts } from './accounts.ts';
import { credentials, refreshing, registration } from './fields.ts';
import { isPassword } from './password.ts';
import { register } from './register.ts';
import type { Tokens } from './tokens.ts';
import { unauthorized } from './unauthorized.ts';

export interface AccountRouteDependencies {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly randomHex: (bytes: number) => string;
  /** Counts wrong passwords and new accounts, by caller. */
  readonly guesses: Limiter;
}

/** Making an account, signing in and staying signed in. */
export function addAccountRoutes(
  router: Router<PortalState>,
  { accounts, tokens, randomHex, guesses }: AccountRouteDependencies,
): void {
  router.post('/register', async (ctx) => {
    const wanted = await jsonBody(ctx, registration);
    refuseAbove(guesses, ctx);
    const account = await register(accounts, wanted, randomHex);
    const { id, username, accountType: account_type } = account;
    ctx.set('Cache-Control', 'no-store');
    ctx.status = 201;
    ctx.body = { user: { id, username, account_type }, ...(await tokens.issue(account)) };
  });

  router.post('/token', async (ctx) => {
    const { email, password } = await jsonBody(ctx, credentials);
    // Counted before it is known to be wrong: of many guesses at once none may slip through.
    const counted = refuseAbove(guesses, ctx);
    const account = await accounts.findByEmail(email);
    const right = await isPassword(password, account?.password);
    if (!account || !right) throw unauthorized('No active account has these credentials.');
    counted.giveBack();
    ctx.set('Cache-Control', 'no-store');
    ctx.body = await tokens.issue(account);
  });

  router.post('/token/refresh', async (ctx) => {
    const { refresh } = await jsonBody(ctx, refreshing);
    const { id } = await tokens.verifyRefresh(refresh);
    // Asked anew, so that a token ends with its account and shows what the account is now.
    const account = await accounts.find(id);
    if (!account) throw unauthorized('This account is no more.', 'invalid_token');
    ctx.set('Cache-Control', 'no-store');
    ctx.body = await tokens.issue(account);
  });
}
