import { expect } from 'chai';
import { GET, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';

const HEAD = GET.replace('GET', 'HEAD');

describe('truncate on the wire', () => {
  for (const [at, bytes] of [
    ['0B', 0],
    ['7B', 7],
    ['25%', 4],
  ] as const) {
    it(`ends the body at exactly ${at}, then sends a FIN`, () =>
      withRig(
        { handler: (_request, response) => void response.end('0123456789abcdef') },
        async ({ control, connect, completed }) => {
          await control.add([{ on: 'leaderboard', inject: { truncate: at } }]);
          const client = connect();
          client.send(GET);
          expect(await client.ended).to.equal('fin');
          const [head, body] = client.text.split('\r\n\r\n');
          expect(head).to.match(/content-length: 16/i);
          expect(body).to.equal('0123456789abcdef'.slice(0, bytes));
          const [entry] = await completed(1);
          expect(entry).to.include({ end: 'closed', status: 200, bytesOut: client.text.length });
        },
      ));
  }

  it('ends a chunked body without its last chunk, by bytes and by share', () =>
    withRig(
      {
        handler(_request, response) {
          response.write('01234567');
          response.end('89abcdef');
        },
      },
      async ({ control, connect }) => {
        await control.add([
          { on: 'leaderboard', inject: { truncate: '10B' }, trigger: { nth: 1 } },
        ]);
        await control.add([
          { on: 'leaderboard', inject: { truncate: '50%' }, trigger: { nth: 2 } },
        ]);
        for (const bytes of ['0123456789', '01234567']) {
          const client = connect();
          client.send(GET);
          expect(await client.ended).to.equal('fin');
          const body = client.text.slice(client.text.indexOf('\r\n\r\n') + 4);
          // The chunk that is cut still promises its eight bytes, as it came.
          const lines = body.split('\r\n');
          expect(lines.filter((line) => line !== '8').join('')).to.equal(bytes);
        }
      },
    ));

  it('leaves an answer to HEAD alone, for it has no body', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'stats', inject: 'truncate' }]);
      const client = connect();
      client.send(HEAD);
      expect(await client.answer(true)).to.include({ status: 200 });
      expect((await completed(1))[0]).to.deep.include({ end: 'answered', injected: [] });
    }));

  it('is refused at 100%, where nothing would be missing', () =>
    withRig({}, async (rig) => {
      const problem = await problemOf(rig, { on: 'leaderboard', inject: { truncate: '100%' } });
      expect(problem).to.match(/truncate at 100% leaves the body whole: use close/);
    }));

  for (const at of ['33B', '34B'] as const) {
    it(`has not fired where the body is no longer than ${at}`, () =>
      withRig(
        { handler: (_request, response) => void response.end('x'.repeat(33)) },
        async ({ control, connect, completed }) => {
          await control.add([{ on: 'leaderboard', inject: { truncate: at } }]);
          const client = connect();
          for (let i = 1; i <= 2; i++) {
            client.send(GET);
            expect(await client.answer()).to.include({ status: 200, body: 'x'.repeat(33) });
            const entries = await completed(i);
            expect(entries[i - 1]).to.deep.include({ end: 'answered', injected: [] });
          }
        },
      ));
  }

  it('has not fired where there is nothing to cut', () =>
    withRig(
      { handler: (_request, response) => void response.end() },
      async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: 'truncate' }]);
        const client = connect();
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200, body: '' });
        expect((await completed(1))[0]).to.deep.include({ end: 'answered', injected: [] });
      },
    ));
});
