// A page made of two calls to another service. WAYS says what it does wrong, for `brownout doctor` to see.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const { PORT, STATS_URL, WAYS = '' } = process.env;
const ways = new Set(WAYS.split(' '));
const kept = new Map();
const underWay = new Map();
let failures = 0;

if (ways.has('dies')) throw new Error('no licence for s3cret-licence');
if (ways.has('stays')) {
  // A daemon: it leaves the group of processes that is ended.
  const env = { ...process.env, WAYS: 'brief' };
  spawn(process.execPath, [process.argv[1]], { detached: true, stdio: 'ignore', env });
  await new Promise(() => setInterval(() => {}, 1000));
}
// Nobody ends it but itself.
if (ways.has('brief')) setTimeout(() => process.exit(), 4000);
if (ways.has('polls')) setInterval(() => void fetch(`${STATS_URL}/stats/exrps/bob`), 20);

createServer(async (request, response) => {
  if (request.url === '/health') return response.end('well');
  if (ways.has('sick')) return response.writeHead(500).end('{}');
  const calls = ways.has('idle') ? [] : ['/leaderboards/top_ten/exrps', '/stats/exrps/ada'];
  const parts = await Promise.all(
    calls.map((path) =>
      call(path, request.headers).then(
        (data) => ({ data, error: false }),
        () => ({ data: null, error: true }),
      ),
    ),
  );
  const [board = {}, player = {}] = parts;
  const changing = ways.has('changes') ? { now: process.hrtime.bigint().toString() } : {};
  const page = JSON.stringify({ board, player, ...changing });
  response.end(ways.has('text') ? `the page: ${page}` : page);
}).listen(Number(PORT), '127.0.0.1');

async function call(path, headers) {
  if (ways.has('caches') && kept.has(path)) return kept.get(path);
  if (ways.has('breaks') && failures >= 10) throw new Error('open');
  if (ways.has('falls-back') && failures >= 10 && kept.has(path)) return kept.get(path);
  if (ways.has('shares') && underWay.has(path)) return underWay.get(path);
  const asked = ask(path, headers);
  underWay.set(path, asked);
  try {
    const data = await asked;
    kept.set(path, data);
    return data;
  } catch (error) {
    failures++;
    if (ways.has('keeps-stale') && kept.has(path)) return kept.get(path);
    throw error;
  } finally {
    underWay.delete(path);
  }
}

async function ask(path, { traceparent, baggage }) {
  const mute = ways.has('mute') || (ways.has('half-mute') && path.startsWith('/stats'));
  const answer = await fetch(STATS_URL + path, {
    headers: mute ? {} : { traceparent, baggage },
    signal: AbortSignal.timeout(2000),
  });
  if (ways.has('slow')) await sleep(5);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}
