import { expect } from 'chai';
import { GET, send, withRig } from '../rig.ts';
import { watched } from '../tcp-rig.ts';

const LONG = '0123456789'.repeat(20);

describe('dribble on the wire', () => {
  for (const chunks of [1, 4, 10, 1000] as const) {
    it(`spreads the body over its time in ${chunks} parts, whole and never early`, () =>
      withRig(
        { handler: (_request, response) => void response.end(LONG) },
        async ({ control, connect, completed }) => {
          await control.add([{ on: 'leaderboard', inject: { dribble: '80ms', chunks } }]);
          const client = connect();
          for (let i = 1; i <= 2; i++) {
            const before = client.text.length;
            const began = performance.now();
            client.send(GET);
            const looks = await watched(client, began, (text) => text.slice(before).endsWith(LONG));
            expect(looks.at(-1)?.ms).to.be.at.least(80);
            const head = client.text.length - LONG.length;
            for (const { ms, length } of looks) {
              const parts = Math.floor((ms * chunks) / 80);
              expect(length - head).to.be.at.most(Math.ceil((LONG.length * parts) / chunks));
            }
            expect(await client.answer()).to.include({ status: 200, body: LONG });
            const entry = (await completed(i))[i - 1];
            expect(entry).to.include({ end: 'answered' });
            expect(entry?.injected).to.have.length(1);
            expect(entry?.injected[0]).to.include({ fault: 'dribble', phase: 'body' });
          }
        },
      ));
  }

  it('sends parts of one length', () =>
    withRig(
      { handler: (_request, response) => void response.end(LONG) },
      async ({ control, connect, entriesWhen }) => {
        await control.add([{ on: 'leaderboard', inject: { dribble: '1s', chunks: 2 } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.includes(LONG.slice(0, 10)));
        expect(client.text.split('\r\n\r\n')[1]).to.equal(LONG.slice(0, 100));
        await entriesWhen((all) => all[0]?.end === 'pending');
        await control.clear();
        expect(await client.answer()).to.include({ status: 200, body: LONG });
      },
    ));

  it('keeps a chunked body as it was framed', () =>
    withRig(
      {
        handler(_request, response) {
          response.write('01234567');
          response.end('89');
        },
      },
      async ({ control, connect, url }) => {
        await control.add([{ on: 'leaderboard', inject: { dribble: '40ms', chunks: 3 } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.endsWith('0\r\n\r\n'));
        expect(client.text.split('\r\n\r\n').slice(1).join('\r\n\r\n')).to.equal(
          '8\r\n01234567\r\n2\r\n89\r\n0\r\n\r\n',
        );
        const { body } = await send(`${url}/leaderboards/duke`);
        expect(body.toString()).to.equal('0123456789');
      },
    ));

  it('lets the rest go at once when it is lifted', () =>
    withRig(
      { handler: (_request, response) => void response.end(LONG) },
      async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { dribble: '1h' } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.includes('\r\n\r\n'));
        expect(client.text).to.match(/\r\n\r\n$/);
        await control.clear();
        expect(await client.answer()).to.include({ status: 200, body: LONG });
        expect((await completed(1))[0]).to.include({ end: 'answered' });
      },
    ));
});
