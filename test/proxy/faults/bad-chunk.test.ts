import { request } from 'node:http';
import { expect } from 'chai';
import { BODY, GET, withRig, type Rig } from '../rig.ts';

const half = Math.floor(BODY.length / 2);
const BROKEN = `${half.toString(16)}\r\n${BODY.slice(0, half)}\r\nnot-a-size\r\n${BODY.slice(half)}\r\n0\r\n\r\n`;

describe('bad-chunk on the wire', () => {
  const seesIt = async ({ connect, completed }: Rig, sent: number): Promise<void> => {
    const client = connect();
    for (let i = 0; i < sent; i++) {
      const before = client.text.length;
      client.send(GET);
      await client.until((text) => text.length > before && text.endsWith('0\r\n\r\n'));
      const [head = '', ...rest] = client.text.slice(before).split('\r\n\r\n');
      expect(head).to.match(/^transfer-encoding: chunked$/im);
      expect(head).not.to.match(/^content-length/im);
      expect(rest.join('\r\n\r\n')).to.equal(BROKEN);
      const entry = (await completed(i + 1))[i];
      expect(entry).to.include({ status: 200, end: 'answered' });
      expect(entry?.bytesOut).to.equal(client.text.length - before);
      expect(entry?.injected).to.have.length(1);
      expect(entry?.injected[0]).to.include({ fault: 'bad-chunk', phase: 'body' });
    }
  };

  it('has no size in the middle of the real body, on every exchange of a connection', () =>
    withRig({}, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: 'bad-chunk' }]);
      await seesIt(rig, 2);
    }));

  it('is the same where the upstream sends chunks', () =>
    withRig(
      {
        handler(_request, response) {
          response.writeHead(200, { trailer: 'x-sum' });
          response.write(BODY.slice(0, 5));
          response.addTrailers({ 'x-sum': '1' });
          response.end(BODY.slice(5));
        },
      },
      async (rig) => {
        await rig.control.add([{ on: 'leaderboard', inject: 'bad-chunk' }]);
        await seesIt(rig, 1);
      },
    ));

  it('leaves the connection as it is: the next answer is healthy', () =>
    withRig({}, async ({ control, connect }) => {
      await control.add([{ on: 'leaderboard', inject: 'bad-chunk', trigger: { first: 1 } }]);
      const client = connect();
      client.send(GET + GET);
      await client.until((text) => text.endsWith(BODY));
      expect(client.text.split('0\r\n\r\n').at(-1)).to.match(/^HTTP\/1.1 200 OK\r\n/);
    }));

  it('is an error to Node’s client, and to fetch after the first half', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: 'bad-chunk' }]);
      const failure = await new Promise<unknown>((resolve) => {
        request(`${url}/leaderboards/duke`, { agent: false }, (response) =>
          response.on('error', () => {}).resume(),
        )
          .on('error', resolve)
          .end();
      });
      expect(failure).to.have.property('code', 'HPE_INVALID_CHUNK_SIZE');
      const fetched = await fetch(`${url}/leaderboards/duke`)
        .then((response) => response.text())
        .catch((error: unknown) => error);
      expect(fetched).to.be.an('error');
    }));

  it('leaves an answer to HEAD alone', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'stats', inject: 'bad-chunk' }]);
      const client = connect();
      client.send(GET.replace('GET', 'HEAD'));
      expect(await client.answer(true)).to.include({ status: 200 });
      expect((await completed(1))[0]).to.deep.include({ injected: [], end: 'answered' });
    }));
});
