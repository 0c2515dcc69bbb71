import { expect } from 'chai';
import type { Fault } from '../../src/proxy/fault.ts';
import type { JournalEntry } from '../../src/proxy/journal.ts';
import type { RawClient } from '../helpers/raw-client.ts';
import { arm } from './armed.ts';
import type { Rig } from './rig.ts';

/**
 * Adds the rule of a fault, provokes it until it fires, and compares: what the client saw on the wire and what the journal
 * says must be one story. Some faults need a second request, and some the end of the connection.
 * @param kept a connection that is open already; a new one otherwise
 */
export async function storyOf(
  rig: Rig,
  fault: Fault,
  phase: string,
  requests: string,
  kept?: RawClient,
): Promise<RawClient> {
  const before = kept?.text.length ?? 0;
  const known = new Set((await entriesOf(rig)).map(({ id }) => id));
  const fresh = (all: readonly JournalEntry[]) => all.filter(({ id }) => !known.has(id));
  const rule = await arm(rig, fault, phase);
  const client = kept ?? rig.connect();
  const provoke = () => client.send(requests);
  provoke();
  let asked = 1;
  await rig.entriesWhen((all) => {
    const since = fresh(all);
    if (since.some(({ injected }) => injected.length > 0)) return true;
    const made = since.filter(({ method }) => method !== null);
    if (made.length < asked || made.some(({ end }) => end === 'pending')) return false;
    asked++;
    if (asked === 2) provoke();
    if (asked === 3 && fault.phase === 'end') client.finish();
    return false;
  });
  const fired = fresh(await entriesOf(rig)).find(
    ({ injected }) => injected.length > 0,
  ) as JournalEntry;
  // What waits is let go; what stays behind is not.
  if (fault.waits || fault.onListener || fault.phase === 'end') await rig.control.clear();
  const entries = await rig.entriesWhen((all) =>
    all.every(({ id, end }) => id !== fired.id || end !== 'pending'),
  );
  const entry = entries.find(({ id }) => id === fired.id) as JournalEntry;
  expect(entry.matched).to.deep.equal([rule]);
  expect(entry.injected).to.have.length(1);
  expect(entry.injected[0]).to.include({ rule, fault: fault.name, phase });
  expect(entry.injected[0]?.atMs).to.be.at.least(0);
  await sameOnTheWire(rig, client, before, entry, known);
  return client;
}

/** How it ended, and how many bytes came, by both. */
async function sameOnTheWire(
  rig: Rig,
  client: RawClient,
  before: number,
  entry: JournalEntry,
  known: ReadonlySet<number>,
): Promise<void> {
  if (entry.end === 'closed' && entry.bytesIn === 0 && entry.method === null) {
    // The port itself was closed.
    expect(await client.ended).to.be.oneOf(['refused', 'rst', 'fin']);
    return;
  }
  if (entry.end === 'reset') {
    expect(await client.ended).to.equal('rst');
    return;
  }
  if (entry.end === 'closed') expect(await client.ended).to.equal('fin');
  else expect(entry.end).to.equal('answered');
  const all = await rig.entriesWhen((found) => found.every(({ end }) => end !== 'pending'));
  const since = all.filter(({ id, method }) => !known.has(id) && method !== null);
  const told = since.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
  await client.until((text) => text.length - before >= told);
  expect(client.text.length - before).to.equal(told);
  if (entry.method === null || entry.status === null) return;
  const seen = client.text.slice(before);
  expect(seen).to.include(` ${entry.status} `);
  const named = seen.includes('x-brownout-fault: ');
  if (entry.bytesOut > 0 && /^HTTP\/1.1 \d+ /m.test(seen) && entry.end === 'answered')
    expect(named).to.equal(true);
}

async function entriesOf({ control }: Rig): Promise<readonly JournalEntry[]> {
  return (await control.journal()).entries;
}
