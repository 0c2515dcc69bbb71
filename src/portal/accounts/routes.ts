import type { Router } from '@koa/router';
import { z } from 'zod';
import type { PortalState } from '../http/context.ts';
import { jsonBody } from '../http/json-body.ts';
import type { Accounts } from './accounts.ts';
import { isPassword } from './password.ts';
import type { Tokens } from './tokens.ts';
import { unauthorized } from './unauthorized.ts';

/** `POST /token/` `{email, password}` answers `{access, refresh}`. */
export function addAccountRoutes(
  router: Router<PortalState>,
  { accounts, tokens }: { readonly accounts: Accounts; readonly tokens: Tokens },
): void {
  router.post('/token', async (ctx) => {
    const { email, password } = await jsonBody(ctx, credentials);
    const account = await accounts.findByEmail(email);
    const right = await isPassword(password, account?.password);
    if (!account || !right) throw unauthorized('No active account has these credentials.');
    ctx.set('Cache-Control', 'no-store');
    ctx.body = await tokens.issue(account);
  });
}

const credentials = z.object({ email: z.string(), password: z.string() });
