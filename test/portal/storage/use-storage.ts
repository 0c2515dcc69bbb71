import { expect } from 'chai';
import { pino } from 'pino';
import { openStorage } from '../../../src/portal/storage/open.ts';
import { DatabaseError } from '../../../src/portal/storage/database-error.ts';
import { readStorageConfig } from '../../../src/portal/storage/settings.ts';
import type { Storage } from '../../../src/portal/storage/storage.ts';
import type { FreshDatabase, Kind } from './databases.ts';

/** Never in the way of a test that is not about it. */
export const PATIENT = { DATABASE_TIMEOUT: '15s' };

export interface StorageUnderTest {
  database: FreshDatabase;
  storage: Storage;
}

/** A database of its own for the suite, and a storage on it. */
export function useStorage(kind: Kind): StorageUnderTest {
  const system = {} as StorageUnderTest;
  before(async () => {
    system.database = await kind.create();
    system.storage = storageAt(system.database.url);
    await system.storage.check();
  });
  after(async () => {
    await system.storage?.close();
    await system.database?.[Symbol.asyncDispose]();
  });
  return system;
}

export function storageAt(url: string, env: Record<string, string> = {}): Storage {
  return openStorage(readStorageConfig({ DATABASE_URL: url, ...PATIENT, ...env }), {
    log: pino({ level: 'silent' }),
    now: Date.now,
  });
}

/** The error that work ends with, by its SQLSTATE and the rule that it broke. */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ readonly code: string; readonly constraint: string | undefined }> {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(DatabaseError);
  const { code, constraint } = error as DatabaseError;
  return { code, constraint };
}
