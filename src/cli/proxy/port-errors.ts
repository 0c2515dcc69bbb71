import { BrownoutError } from '../../common/errors.ts';
import type { ListenAddress } from '../../common/listen-address.ts';

/**
 * Runs what binds an address; where that fails, the error says what to change.
 * @throws {BrownoutError} `cannot_listen`
 */
export async function binding<T>(
  { host = '127.0.0.1', port = 0 }: Partial<ListenAddress>,
  change: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = REASONS[(error as { code?: string }).code ?? ''];
    if (why === undefined) throw error;
    const message = `${host}:${port} ${why}: choose another by ${change}`;
    throw new BrownoutError('cannot_listen', message, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  port_taken: 'is taken by another program',
  EACCES: 'may not be bound by this user',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is no address of this machine',
};
