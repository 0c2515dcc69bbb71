import type { Storage } from '../storage/storage.ts';

export interface DatabaseHealth {
  readonly status: 'ok' | 'down' | 'slow';
  readonly kind: Storage['kind'];
}

/**
 * Asks the database whether it is there, and waits no longer than a second for it. However many ask, it is asked by one at a
 * time: questions that hang must not take all its connections.
 */
export function createDatabaseCheck(
  { kind, check }: Pick<Storage, 'kind' | 'check'>,
  longestMs = 1000,
): () => Promise<DatabaseHealth> {
  let underWay: Promise<'ok' | 'down'> | undefined;
  const ask = async (): Promise<'ok' | 'down'> => {
    try {
      await check();
      return 'ok';
    } catch {
      return 'down';
    } finally {
      underWay = undefined;
    }
  };
  return async () => {
    underWay ??= ask();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<'slow'>((resolve) => {
      timer = setTimeout(() => resolve('slow'), longestMs);
    });
    try {
      return { status: await Promise.race([underWay, tooLong]), kind };
    } finally {
      clearTimeout(timer);
    }
  };
}
