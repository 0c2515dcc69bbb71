import { BrownoutError, messageOf } from '../../common/errors.ts';

/** Remembers how to take back what has been done. */
export interface Undo {
  add(undo: () => unknown): void;
}

/**
 * Makes a change of several steps. Where one fails, those before it are taken back, the last first, before it throws; what
 * could not be taken back is told, too.
 */
export async function wholeOrNot<T>(work: (undo: Undo) => Promise<T>): Promise<T> {
  const undos: (() => unknown)[] = [];
  try {
    return await work({ add: (undo) => void undos.push(undo) });
  } catch (error) {
    const failed: string[] = [];
    for (const undo of undos.reverse()) {
      try {
        await undo();
      } catch (cause) {
        failed.push(messageOf(cause));
      }
    }
    if (failed.length === 0) throw error;
    const message = `${messageOf(error)}; and not all could be put back: ${failed.join('; ')}`;
    throw new BrownoutError('not_put_back', message, { cause: error });
  }
}
