import http from 'node:http';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { createProxy } from '../../src/proxy/proxy.ts';
import { watchCalm } from '../../src/scenario/isolation/calm.ts';
import { now } from '../../src/scenario/judge/judge.ts';
import { later } from './judged.ts';
import { SCENARIO } from './run-files.ts';
import { verdicts } from './run-on.ts';
import { runUrl } from './run-url.ts';
import type { Behaviour } from './service.ts';

describe('a service that cells take turns on', () => {
  it('may call by itself: that is told, and not waited for', async () => {
    let timer: NodeJS.Timeout | undefined;
    const polling: Behaviour = async ({ call }) => {
      timer ??= setInterval(() => void call('/other').catch(() => undefined), 100);
      await call('/board').catch(() => undefined);
      return { body: {} };
    };
    try {
      const result = await runUrl(polling, { files: scenario({}) });
      expect(new Set(Object.values(verdicts(result)))).to.deep.equal(new Set(['passed']));
      expect(result.warnings).to.deep.equal([
        "game calls stats.other while nothing is asked of it: in cells that take turns on it, such calls count as the cell's",
      ]);
    } finally {
      clearInterval(timer);
    }
  });

  it('is waited for as long as its file says, where only a fault makes it late', async () => {
    const late: Behaviour = async ({ call }) => {
      await call('/board').catch(() => {
        setTimeout(() => void call('/player').catch(() => undefined), 250);
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { body: {} };
    };
    const files = scenario({ upstream: { player: { count: 0 } } });
    const result = await runUrl(late, { service: { settle: '300ms' }, files });
    expect(new Set(Object.values(verdicts(result)))).to.deep.equal(new Set(['passed']));
  });

  it('is calm when its last call has ended, though the run of that call is forgotten', async () => {
    const held: http.ServerResponse[] = [];
    await using upstream = await listen(
      http.createServer((_, response) => void held.push(response)),
    );
    await using proxy = createProxy({ seed: 'test' });
    const { control } = proxy;
    const stats = await proxy.open({
      name: 'stats',
      target: upstream.url,
      calls: { board: 'GET /board' },
      run: 'a cell',
    });
    const calm = watchCalm(control, 0, new AbortController().signal);
    const call = fetch(`${stats.url}/board`);
    while (held.length === 0) await later(1);
    const from = now();
    expect(await calm.reached({ from, to: from }, 'fault')).to.equal('stats.board');
    await control.forget('a cell');
    expect(await calm.reached({ from, to: from }, 'fault')).to.equal('stats.board');
    held[0]?.end('{}');
    await (await call).text();
    expect(await calm.reached({ from, to: now() + 5000 }, 'fault')).to.equal(undefined);
  });
});

/** Two cells that know of no contract. */
function scenario(expected: object) {
  return {
    'scenario.yaml': {
      ...SCENARIO,
      use: ['./system.yaml'],
      matrix: { n: [1, 2] },
      tags: ['n${n}'],
      faults: [{ on: 'stats.board', inject: { status: 503 } }],
      steps: [{ get: '/x', expect: { within: '5s', ...expected } }],
    },
  };
}
