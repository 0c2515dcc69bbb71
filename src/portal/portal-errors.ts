import { createErrorRegistry, type ErrorRegistry } from './errors/registry.ts';
import { sqlstateError } from './errors/sqlstate.ts';
import { DatabaseError } from './storage/database-error.ts';

/** What the portal answers where something goes wrong that knows nothing of HTTP. */
export function portalErrors(): ErrorRegistry {
  const errors = createErrorRegistry();
  errors.handle(DatabaseError, (error, ctx) => {
    const deleting = ctx.method === 'DELETE';
    throw sqlstateError(error.code, { cause: error, deleting }) ?? error;
  });
  return errors;
}
