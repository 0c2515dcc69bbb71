import { expect } from 'chai';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';
import { echo, silent, watched, withTcp } from '../tcp-rig.ts';

const BYTES = 4000;
const LONG = 'abcdefgh'.repeat(BYTES / 8);
/** The body takes a fifth of a second, in four pieces. */
const RATE = `${BYTES * 5}B/s`;
const UPLOAD = `POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: ${BYTES}\r\n\r\n${LONG}`;

describe('bandwidth on the wire', () => {
  it('is never faster than its rate, moves all the while, and changes nothing', () =>
    withRig(
      { handler: (_request, response) => void response.end(LONG) },
      async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { bandwidth: RATE } }]);
        const client = connect();
        for (let i = 1; i <= 2; i++) {
          const before = client.text.length;
          const began = performance.now();
          client.send(GET);
          const looks = await watched(
            client,
            began,
            (text) => text.length > before + BYTES && text.endsWith(LONG.slice(-8)),
          );
          expect(await client.answer()).to.include({ status: 200, body: LONG });
          for (const { ms, length } of looks)
            expect(length - before).to.be.at.most(ms * BYTES * 0.005 + 1);
          const whole = client.text.length - before;
          const under = looks.filter(({ length }) => length - before > whole - BYTES);
          expect(under.some(({ length }) => length - before < whole)).to.equal(true);
          const entry = (await completed(i))[i - 1];
          expect(entry?.injected).to.have.length(1);
          expect(entry).to.include({ end: 'answered' });
        }
      },
    ));

  it('slows an upload, and the request as a whole comes through', () => {
    let body = '';
    let tookMs = 0;
    let began = Infinity;
    return withRig(
      {
        handler(request, response) {
          request.setEncoding('latin1').on('data', (text: string) => (body += text));
          request.on('end', () => {
            tookMs = performance.now() - began;
            response.end(BODY);
          });
        },
      },
      async ({ control, connect }) => {
        await control.add([
          { on: 'stats', match: 'POST /*any', inject: { bandwidth: RATE, stream: 'up' } },
        ]);
        const client = connect();
        began = performance.now();
        client.send(UPLOAD);
        expect(await client.answer()).to.include({ status: 200 });
        expect(body).to.equal(LONG);
        expect(tookMs).to.be.at.least(200);
      },
    );
  });

  it('lets the rest go at once when it is lifted', () =>
    withRig({}, async ({ control, connect, entriesWhen, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { bandwidth: '1B/s', stream: 'both' } }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      await control.clear();
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      await completed(1);
    }));

  for (const stream of ['down', 'up', 'both'] as const) {
    it(`slows a tcp connection, open or new, with stream: ${stream}`, () =>
      withTcp(echo, async ({ control, dial, completed }) => {
        const open = dial();
        open.send('x');
        await open.until((text) => text === 'x');
        await control.add([{ on: 'db', inject: { bandwidth: RATE, stream } }]);
        for (const client of [open, dial()]) {
          const began = performance.now();
          client.send(LONG);
          await client.until((text) => text.length >= BYTES);
          await client.until((text) => text.endsWith(LONG));
          expect(performance.now() - began).to.be.at.least(200);
          client.finish();
          expect(await client.ended).to.equal('fin');
          expect(client.text).to.be.oneOf([LONG, `x${LONG}`]);
        }
        const fired = (await completed(2)).flatMap(({ injected }) => injected);
        expect(fired.length).to.be.at.least(2);
        for (const each of fired) expect(each).to.include({ fault: 'bandwidth' });
      }));
  }

  it('leaves the other direction alone', () =>
    withTcp(silent, async ({ control, dial, peer }) => {
      await control.add([{ on: 'db', inject: { bandwidth: '1B/s', stream: 'up' } }]);
      const client = dial();
      const end = await peer(0);
      end.send(LONG);
      await client.until((text) => text === LONG);
      client.send(LONG);
      for (let i = 0; i < 20; i++) await nextPoll();
      expect(end.text).to.equal('');
      await control.clear();
      await end.until((text) => text === LONG);
    }));
});
