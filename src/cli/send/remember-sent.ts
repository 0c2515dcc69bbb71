import { BrownoutError } from '../../common/errors.ts';
import { randomHex } from '../../common/random-hex.ts';
import type { FaultControl } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { Asked } from './told.ts';

/** What was sent, by the runs that the journal names. */
export interface RememberedSent {
  /** Gives the run by which what comes of it is known. */
  remember(asked: Asked): string;
  /** Exchanges that were made for it without saying so. */
  caused(run: string, entries: readonly JournalEntry[]): void;
  /**
   * What an exchange of the journal was made for.
   * @throws {BrownoutError} `usage`
   */
  behind(entry: number, control: Pick<FaultControl, 'journal'>): Promise<Asked>;
}

export function rememberSent(): RememberedSent {
  const sent = new Map<string, Asked>();
  const causes = new Map<number, string>();
  const runOf = ({ id, run }: JournalEntry) => causes.get(id) ?? run ?? '';
  return {
    caused(run, entries) {
      for (const { id } of entries) causes.set(id, run);
    },
    remember(asked) {
      const run = `send-${randomHex(4)}`;
      sent.set(run, asked);
      const [oldest = ''] = sent.keys();
      if (sent.size > MOST) {
        sent.delete(oldest);
        for (const [id, of] of causes) if (of === oldest) causes.delete(id);
      }
      return run;
    },
    async behind(id, control) {
      const { entries } = await control.journal();
      const entry = entries.find((one) => one.id === id);
      const last = entries.findLast((one) => sent.has(runOf(one)));
      const hint = last ? `; the last one that can be repeated is ${last.id}` : '';
      if (!entry)
        throw new BrownoutError('usage', `there is no exchange ${id} in the journal${hint}`);
      const asked = sent.get(runOf(entry));
      if (asked) return asked;
      const message = `the exchange ${id} was not made for a request of "brownout send"${hint}`;
      throw new BrownoutError('usage', message);
    },
  };
}

const MOST = 1000;
