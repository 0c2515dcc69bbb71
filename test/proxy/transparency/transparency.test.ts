import { expect } from 'chai';
import type { JournalEntry } from '../../../src/proxy/journal.ts';
import { createProxy, type ProxyUpstream } from '../../../src/proxy/proxy.ts';
import { nextPoll, nothingLeft, resources } from '../rig.ts';
import { rawEntry, type Conversation, type ExpectedEntry } from './conversation.ts';
import { CONVERSATIONS, WHOLE } from './conversations.ts';
import { listenForPeers } from './peer.ts';
import { play } from './play.ts';

describe('a connection without a proxy', () => {
  for (const conversation of CONVERSATIONS) {
    it(`passes ${conversation.name}`, async () => {
      await using server = await listenForPeers();
      await play(conversation, { url: server.url, server });
    });
  }
});

for (const protocol of ['http', 'tcp'] as const) {
  for (const [standing, rules] of [
    ['no rule', []],
    ['rules that match nothing', BYSTANDERS(protocol)],
  ] as const) {
    describe(`a proxy at the depth of ${protocol}, with ${standing}`, () => {
      for (const conversation of CONVERSATIONS) {
        it(`passes ${conversation.name}`, () => passes(conversation, { protocol }, rules));
      }
    });
  }
}

describe('a proxy whose rules act on every exchange, and change nothing', () => {
  const rules = [
    { on: 'stats', inject: { latency: '0ms', at: 'headers' } },
    { on: 'stats', match: { path: '/*any' }, inject: { latency: '0ms', at: 'request' } },
  ];
  for (const conversation of WHOLE) {
    it(`passes ${conversation.name}`, () => passes(conversation, { protocol: 'http' }, rules));
  }
});

async function passes(
  conversation: Conversation,
  depth: Pick<ProxyUpstream, 'protocol'>,
  rules: readonly unknown[],
): Promise<void> {
  // Mocha starts its own timer when a test has given its promise.
  await nextPoll();
  const before = resources();
  {
    await using server = await listenForPeers();
    await using proxy = createProxy({ seed: 'test' });
    const { url } = await proxy.open({ name: 'stats', target: server.url, ...depth });
    await proxy.control.add(rules);
    await play(conversation, { url, server });
    const whole = depth.protocol === 'tcp' ? [wholeConnection(conversation)] : undefined;
    await expectJournal(() => proxy.control.journal(), whole ?? conversation.entries);
  }
  await nothingLeft(before);
}

async function expectJournal(
  read: () => Promise<{ entries: readonly JournalEntry[] }>,
  expected: readonly ExpectedEntry[],
): Promise<void> {
  let { entries } = await read();
  const pending = () => entries.some(({ end }) => end === 'pending');
  for (let turn = 0; turn < 1000 && pending(); turn++) {
    await nextPoll();
    ({ entries } = await read());
  }
  expect(pending(), `none pending: ${JSON.stringify(entries)}`).to.equal(false);
  const kept = entries.map((entry, i) =>
    Object.fromEntries(
      Object.keys(expected[i] ?? entry).map((key) => [key, entry[key as keyof JournalEntry]]),
    ),
  );
  expect(kept).to.deep.equal(expected);
}

function wholeConnection({ steps }: Conversation): ExpectedEntry {
  return rawEntry(steps, { method: null, path: null, status: null, unframed: false });
}

/** Rules that look at all that passes, and have nothing to do. */
function BYSTANDERS(protocol: 'http' | 'tcp'): readonly unknown[] {
  const late = { on: 'stats', inject: 'reset', trigger: { nth: 1_000_000 } };
  if (protocol === 'tcp') return [late];
  return [
    late,
    { on: 'stats', match: 'GET /never/:id', inject: { status: 503 } },
    { on: 'stats', match: { headers: { 'x-never': 'x' } }, inject: 'hang' },
    { on: 'stats', match: { path: '/never', query: { a: 'b' } }, inject: { latency: '1h' } },
  ];
}
