import { BrownoutError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { createLog } from './log.ts';
import type { Service } from './open.ts';

/**
 * Starts a service that comes with brownout, in this process: `portal`, with the flag `--unprotected` its twin that calls
 * as the original did.
 * @throws {BrownoutError} `unknown_builtin`
 */
export async function startBuiltin(
  { builtin, flags }: { readonly builtin: string; readonly flags: readonly string[] },
  env: Readonly<Record<string, string>>,
): Promise<Service> {
  if (builtin !== 'portal') {
    const message = `there is no built-in service "${builtin}"${didYouMean(builtin, ['portal'])}`;
    throw new BrownoutError('unknown_builtin', message);
  }
  const unknown = flags.find((flag) => flag !== '--unprotected');
  if (unknown !== undefined) {
    const message = `the built-in portal has no flag ${unknown}${didYouMean(unknown, ['--unprotected'])}`;
    throw new BrownoutError('unknown_builtin', message);
  }
  const log = createLog();
  // A service of somebody's own needs none of it, and it is half of all that is loaded.
  const { startPortal } = await import('../portal/start.ts');
  const portal = await startPortal({
    env,
    unprotected: flags.includes('--unprotected'),
    logTo: { write: log.write },
  });
  return {
    url: portal.url,
    died: undefined,
    log,
    [Symbol.asyncDispose]: () => portal[Symbol.asyncDispose](),
  };
}
