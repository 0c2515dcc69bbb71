import { gzipSync } from 'node:zlib';
import type { RequestListener, ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { GET, nextPoll, send, withRig, type Rig } from '../rig.ts';

/** Never answers the same twice. */
function counting(): RequestListener {
  let count = 0;
  return (request, response) => {
    count++;
    request.resume();
    response.setHeader('x-count', String(count));
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    if (request.url?.includes('none')) response.statusCode = 404;
    response.end(`answer ${count}`);
  };
}

async function bodyOf(rig: Rig, path: string, options = {}): Promise<string> {
  return (await send(`${rig.url}${path}`, options)).body.toString();
}

describe('stale on the wire', () => {
  it('records the first answer, then gives it again and again, with its age; the upstream is not called', () => {
    let now = 1_800_000_000_000;
    return withRig(
      { handler: counting(), clock: () => now },
      async ({ control, connect, reached, completed }) => {
        await control.add([{ on: 'leaderboard', inject: 'stale' }]);
        const client = connect();
        const seen: unknown[] = [];
        for (const wait of [0, 0, 1999, 90_000]) {
          now += wait;
          client.send(GET);
          const { status, head, body } = (await client.answer()) as RawAnswer;
          seen.push([
            status,
            body,
            /^x-count: (.*)$/im.exec(head)?.[1],
            /^age: (.*)$/im.exec(head)?.[1],
          ]);
          expect(head.match(/^set-cookie: /gim)).to.have.length(2);
          await completed(seen.length);
        }
        expect(seen).to.deep.equal([
          [200, 'answer 1', '1', undefined],
          [200, 'answer 1', '1', '0'],
          [200, 'answer 1', '1', '1'],
          [200, 'answer 1', '1', '91'],
        ]);
        expect(reached).to.have.length(1);
        const entries = await completed(4);
        expect(entries.map(({ injected }) => injected.length)).to.deep.equal([0, 1, 1, 1]);
        expect(entries[3]?.injected[0]).to.include({ fault: 'stale', phase: 'request' });
        expect(entries[3]).to.include({ status: 200, end: 'answered' });
      },
    );
  });

  it('lets healthy answers pass until the recorded one is old enough', () => {
    let now = 1_800_000_000_000;
    return withRig({ handler: counting(), clock: () => now }, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { stale: '1m' } }]);
      const bodies: string[] = [];
      for (const wait of [0, 30_000, 29_999, 1]) {
        now += wait;
        bodies.push(await bodyOf(rig, '/leaderboards/duke'));
        await rig.completed(bodies.length);
      }
      expect(bodies).to.deep.equal(['answer 1', 'answer 2', 'answer 3', 'answer 1']);
      const entries = await rig.completed(4);
      expect(entries.map(({ injected }) => injected.length)).to.deep.equal([0, 0, 0, 1]);
    });
  });

  it('tells methods, targets and what the client can decode apart', () =>
    withRig({ handler: counting() }, async (rig) => {
      await rig.control.add([{ on: 'stats', inject: 'stale' }]);
      const asked: [string, object][] = [
        ['/leaderboards/duke', {}],
        ['/leaderboards/duke?top=3', {}],
        ['/leaderboards/duke', { headers: { 'accept-encoding': 'gzip' } }],
        ['/leaderboards/duke', { headers: { authorization: 'Bearer other' } }],
        ['/leaderboards/duke', { method: 'HEAD' }],
      ];
      const first: string[] = [];
      for (const [path, options] of asked) first.push(await bodyOf(rig, path, options));
      expect(first).to.deep.equal(['answer 1', 'answer 2', 'answer 3', 'answer 4', '']);
      await rig.completed(5);
      const again: string[] = [];
      for (const [path, options] of asked) again.push(await bodyOf(rig, path, options));
      expect(again).to.deep.equal(first);
      expect(rig.reached).to.have.length(5);
    }));

  it('gives a HEAD the length that it had', () =>
    withRig({}, async (rig) => {
      await rig.control.add([{ on: 'stats', inject: 'stale' }]);
      const lengths: unknown[] = [];
      for (let i = 1; i <= 2; i++) {
        const { response } = await send(`${rig.url}/leaderboards/duke`, { method: 'HEAD' });
        lengths.push(response.headers['content-length']);
        await rig.completed(i);
      }
      expect(lengths[0]).to.match(/^\d\d+$/);
      expect(lengths[1]).to.equal(lengths[0]);
      expect(rig.reached).to.have.length(1);
    }));

  for (const [what, path, options] of [
    ['a failure', '/leaderboards/none', {}],
    ['an answer to POST', '/leaderboards/duke', { method: 'POST', body: 'x' }],
    ['a part', '/leaderboards/duke', { headers: { range: 'bytes=0-1' } }],
  ] as const) {
    it(`does not record ${what}`, () =>
      withRig({ handler: counting() }, async (rig) => {
        await rig.control.add([{ on: 'stats', inject: 'stale' }]);
        const bodies: string[] = [];
        for (let i = 1; i <= 2; i++) {
          bodies.push(await bodyOf(rig, path, options));
          await rig.completed(i);
        }
        expect(bodies).to.deep.equal(['answer 1', 'answer 2']);
        const entries = await rig.completed(2);
        expect(entries.map(({ injected }) => injected)).to.deep.equal([[], []]);
      }));
  }

  it('gives what came in chunks and in gzip again as it was encoded', () =>
    withRig(
      {
        handler(_request, response) {
          const body = gzipSync('x'.repeat(1000));
          response.writeHead(200, { 'content-encoding': 'gzip' });
          response.write(body.subarray(0, 10));
          response.end(body.subarray(10));
        },
      },
      async (rig) => {
        await rig.control.add([{ on: 'stats', inject: 'stale' }]);
        for (let i = 1; i <= 2; i++) {
          const response = await fetch(`${rig.url}/leaderboards/duke`);
          expect(await response.text()).to.equal('x'.repeat(1000));
          await rig.completed(i);
        }
        expect(rig.reached).to.have.length(1);
      },
    ));

  it('does not record an answer that never came whole', () => {
    let whole = false;
    return withRig(
      {
        handler(_request, response) {
          response.writeHead(200, { 'content-length': 10 });
          response.write('01234');
          if (whole) response.end('56789');
          else response.write('', () => response.destroy());
        },
      },
      async (rig) => {
        await rig.control.add([{ on: 'stats', inject: 'stale' }]);
        await send(`${rig.url}/leaderboards/duke`).catch(() => undefined);
        await rig.completed(1);
        whole = true;
        expect(await bodyOf(rig, '/leaderboards/duke')).to.equal('0123456789');
        expect(rig.reached).to.have.length(2);
      },
    );
  });

  it('keeps the first of two answers that came at once', () => {
    const asked: ServerResponse[] = [];
    return withRig({ handler: (_request, response) => void asked.push(response) }, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: 'stale' }]);
      for (let i = 0; i < 2; i++) rig.connect().send(GET);
      while (asked.length < 2) await nextPoll();
      for (let i = 0; i < 2; i++) {
        asked[i]?.end(`answer ${i}`);
        await rig.entriesWhen((all) => all.filter(({ end }) => end === 'answered').length > i);
      }
      expect(await bodyOf(rig, '/leaderboards/duke')).to.equal('answer 0');
      expect(asked).to.have.length(2);
    });
  });

  it('forgets with its rule', () =>
    withRig({ handler: counting() }, async (rig) => {
      for (let i = 1; i <= 2; i++) {
        await rig.control.add([{ on: 'leaderboard', inject: 'stale' }]);
        expect(await bodyOf(rig, '/leaderboards/duke')).to.equal(`answer ${i}`);
        await rig.completed(i);
        await rig.control.clear();
      }
    }));
});
