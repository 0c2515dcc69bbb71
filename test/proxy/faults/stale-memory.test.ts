import { Readable } from 'node:stream';
import { expect } from 'chai';
import { withRig } from '../rig.ts';

const MB = 1024 ** 2;

describe('what stale keeps', () => {
  it('is a thousand answers, and no more than 64 MB of them: what comes later stays healthy', () => {
    const big = Buffer.alloc(20 * MB, 'a');
    return withRig(
      {
        handler: (request, response) =>
          void response.end(request.url?.includes('big') ? big : 'ok'),
      },
      async (rig) => {
        const readOnce = async (path: string) => {
          const response = await fetch(`${rig.url}${path}`);
          await response.arrayBuffer();
          return response.headers.has('age');
        };
        await rig.control.add([{ on: 'stats', inject: 'stale' }]);
        for (let i = 0; i < 4; i++) await readOnce(`/big/${i}`);
        await rig.completed(4);
        const kept: boolean[] = [];
        for (let i = 0; i < 4; i++) kept.push(await readOnce(`/big/${i}`));
        expect(kept).to.deep.equal([true, true, true, false]);
        for (let i = 0; i < 999; i++) await readOnce(`/small/${i}`);
        await rig.completed(8 + 999);
        expect(await readOnce('/small/996')).to.equal(true);
        expect(await readOnce('/small/997')).to.equal(false);
      },
    );
  }).timeout(60_000);

  it('is nothing of an answer that is too long to be kept', () => {
    const piece = Buffer.alloc(MB, 'a');
    return withRig(
      {
        handler(_request, response) {
          response.setHeader('content-length', 400 * MB);
          Readable.from(Array.from({ length: 400 }, () => piece)).pipe(response);
        },
      },
      async (rig) => {
        await rig.control.add([{ on: 'stats', inject: 'stale' }]);
        for (let i = 1; i <= 2; i++) {
          const before = process.memoryUsage().arrayBuffers;
          let [held, length] = [0, 0];
          const { body } = await fetch(`${rig.url}/leaderboards/duke`);
          for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
            length += chunk.length;
            held = Math.max(held, process.memoryUsage().arrayBuffers - before);
          }
          expect(length).to.equal(400 * MB);
          expect(held).to.be.below(200 * MB);
          expect((await rig.completed(i))[i - 1]).to.deep.include({ injected: [] });
        }
      },
    );
  }).timeout(60_000);
});
