import type { Random } from '../../../src/common/random.ts';
import type { JournalEntry } from '../../../src/proxy/journal.ts';
import type { Proxy } from '../../../src/proxy/proxy.ts';
import { nextPoll } from '../rig.ts';
import { connectPeer, type Peer } from '../transparency/peer.ts';
import { CLIENTS } from './clients.ts';
import { RESPONSE } from './response.ts';
import { RULES } from './rules.ts';
import { linger, oneOf, pick, type Script } from './script.ts';
import type { ScriptedUpstream } from './scripted-upstream.ts';
import { UPSTREAMS } from './upstreams.ts';

/** A listener of the proxy with its upstream. */
export interface Lane {
  readonly run: string;
  readonly url: string;
  readonly upstream: ScriptedUpstream;
}

export interface Assault {
  /** Who did what, under which rule. */
  readonly name: string;
  readonly entries: number;
  readonly violations: readonly string[];
}

/** One connection on which both sides do what they should not, while a rule acts, or none. */
export async function assault(
  proxy: Proxy,
  lane: Lane,
  draw: (what: string) => Random,
): Promise<Assault> {
  const random = draw('plan');
  const script = pick(CLIENTS, random);
  const behaviour = pick(UPSTREAMS, random);
  const standing = random() < 0.5 ? oneOf(RULES, random) : undefined;
  const liftedEarly = random() < 0.5;
  const name = `${script.name}, ${behaviour.name}, ${standing?.name ?? 'no rule'}${liftedEarly ? ', lifted' : ''}`;

  if (standing) await proxy.control.add([standing.rule], lane.run);
  const upstreams = lane.upstream.follow(behaviour, draw('upstream'));
  const client = connectPeer(lane.url);
  await script.play(client, draw('client'));
  if (liftedEarly) await proxy.control.clear(lane.run);
  await linger(random, 20);
  const entriesBefore = await entriesOf(proxy, lane);
  const sent = { up: client.sent(), down: client.received() };
  client.destroy();
  if (standing?.outlasts || script.floods) await proxy.control.clear(lane.run);

  const violations = await settled(proxy, lane, upstreams);
  await proxy.control.clear(lane.run);
  // What was kept waiting reaches the upstream only now.
  for (let turn = 0; standing && turn < 20; turn++) await nextPoll();
  violations.push(...(await settled(proxy, lane, upstreams)));
  await lane.upstream.idle();
  const entries = await entriesOf(proxy, lane);
  if (!standing) violations.push(...unchanged(sent, upstreams));
  if (!standing && script.exchanges !== undefined && behaviour.exchanges !== undefined) {
    violations.push(...told(entriesBefore, script.exchanges));
  }
  for (const peer of upstreams) peer.destroy();
  // The next rule is not to find a connection that is about to end.
  for (let turn = 0; turn < 10; turn++) await nextPoll();
  await proxy.control.forget(lane.run);
  return { name, entries: entries.length, violations };
}

/** After all, a healthy request is answered, and told. */
export async function healthy(proxy: Proxy, lane: Lane): Promise<string[]> {
  const [honest] = CLIENTS;
  const [upstream] = UPSTREAMS;
  const never: Random = () => 0.99;
  const peers = lane.upstream.follow(upstream as Script, never);
  const client = connectPeer(lane.url);
  await (honest as Script).play(client, never);
  const answered = client.received().toString('latin1');
  const entries = await entriesOf(proxy, lane);
  client.destroy();
  await settled(proxy, lane, peers);
  for (const peer of peers) peer.destroy();
  if (answered !== RESPONSE)
    return [`${lane.run} afterwards: answered ${JSON.stringify(answered)}`];
  return told(entries, 1).map((what) => `${lane.run} afterwards: ${what}`);
}

/** The client has gone: what there is of it must end. Gives what has not. */
async function settled(proxy: Proxy, lane: Lane, upstreams: readonly Peer[]): Promise<string[]> {
  // A connection that was left at once reaches the upstream all the same, save where a rule stands before it.
  for (let turn = 0; turn < 100 && upstreams.length === 0; turn++) await nextPoll();
  const begun = performance.now();
  for (;;) {
    const open = upstreams.filter((peer) => !peer.over).length;
    // Whether a client that sent its FIN still reads cannot be known: an upstream that sees it ends its own side.
    for (const peer of upstreams) {
      if (peer.over) peer.destroy();
      else peer.resume();
    }
    const pending = (await entriesOf(proxy, lane)).filter(({ end }) => end === 'pending');
    if (open === 0 && pending.length === 0) return [];
    if (performance.now() - begun > PATIENCE_MS) {
      return [
        ...(open === 0 ? [] : [`${open} connections to the upstream are still open`]),
        ...(pending.length === 0
          ? []
          : [`${pending.length} entries pending, ${brief(pending[0])}`]),
      ];
    }
    await nextPoll();
  }
}

/** Without a rule each side has got the beginning of what the other has sent, and nothing else. */
function unchanged(
  { up, down }: { up: Buffer; down: Buffer },
  upstreams: readonly Peer[],
): string[] {
  if (upstreams.length > 1) return [`${upstreams.length} connections to the upstream for one`];
  const [upstream] = upstreams;
  if (!upstream) return [];
  const [got, said] = [upstream.received(), upstream.sent()];
  return [
    ...(got.equals(up.subarray(0, got.length)) ? [] : ['what the upstream got was never sent']),
    ...(down.equals(said.subarray(0, down.length)) ? [] : ['what the client got was never sent']),
  ];
}

function told(entries: readonly JournalEntry[], exchanges: number): string[] {
  const good = entries.filter(
    ({ end, status, unframed }) => end === 'answered' && status === 200 && !unframed,
  );
  if (entries.length === exchanges && good.length === exchanges) return [];
  const odd = entries.find((entry) => !good.includes(entry));
  return [`${exchanges} exchanges, told: ${entries.length}, well: ${good.length}, ${brief(odd)}`];
}

async function entriesOf(proxy: Proxy, { run }: Lane): Promise<readonly JournalEntry[]> {
  return (await proxy.control.journal({ run })).entries;
}

function brief(entry: JournalEntry | undefined): string {
  return entry ? JSON.stringify({ ...entry, path: entry.path?.slice(0, 80) }) : '';
}

/** So generous that only what hangs exceeds it. */
const PATIENCE_MS = 10_000;
