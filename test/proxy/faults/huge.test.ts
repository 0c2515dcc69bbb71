import { connect as connectTo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { GET, send, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';

const MB = 1024 ** 2;

/** Reads an answer and forgets it: how many bytes its body had, and the most memory that was held meanwhile. */
async function readOff(url: string): Promise<{ head: string; bytes: number; held: number }> {
  const { hostname, port } = new URL(url);
  const socket = connectTo({ host: hostname, port: Number(port) });
  socket.write(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  let [start, bytes, held] = ['', 0, 0];
  const before = process.memoryUsage();
  socket.on('data', (chunk) => {
    if (!start.includes('\r\n\r\n')) start += chunk.toString('latin1');
    bytes += chunk.length;
    const now = process.memoryUsage();
    held = Math.max(held, now.arrayBuffers - before.arrayBuffers + now.heapUsed - before.heapUsed);
  });
  await once(socket, 'close');
  const head = start.slice(0, start.indexOf('\r\n\r\n') + 4);
  return { head, bytes: bytes - head.length, held };
}

describe('huge on the wire', () => {
  for (const size of ['1B', '2B', '3B', '4B', '5B', '65537B', '1MB', '1000001B']) {
    it(`is JSON of exactly ${size}, on every exchange of a connection`, () =>
      withRig({}, async ({ control, connect, reached, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { huge: size }, trigger: { first: 2 } }]);
        const client = connect();
        client.send(GET + GET + GET);
        const length = size === '1MB' ? MB : Number.parseInt(size);
        for (let i = 0; i < 2; i++) {
          const { status, head, body } = (await client.answer()) as RawAnswer;
          expect(status).to.equal(200);
          expect(head).to.match(/^content-type: application\/json$/im);
          expect(body).to.have.length(length);
          expect(() => JSON.parse(body)).not.to.throw();
        }
        expect(await client.answer()).to.include({ status: 200 });
        expect(reached).to.have.length(1);
        const [entry] = await completed(3);
        expect(entry).to.include({ status: 200, end: 'answered' });
        expect(entry?.bytesOut).to.be.above(length);
        expect(entry?.injected[0]).to.include({ fault: 'huge', phase: 'request' });
      }));
  }

  it('is 100MB unless said, and a gigabyte holds no more memory', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: 'huge' }]);
      const standard = await readOff(url);
      expect(standard.bytes).to.equal(100 * MB);
      await control.replace('r1', { on: 'leaderboard', inject: { huge: '1GB' } });
      const gigabyte = await readOff(url);
      expect(gigabyte.head).to.match(new RegExp(`^content-length: ${1024 * MB}\r$`, 'im'));
      expect(gigabyte.bytes).to.equal(1024 * MB);
      expect(gigabyte.held).to.be.below(128 * MB);
    })).timeout(120_000);

  it('stops where the client does not read, and ends when it leaves', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { huge: '1GB' } }]);
      const client = connect();
      client.send(GET);
      await client.until((text) => text.length > 0);
      client.pause();
      client.destroy();
      const [entry] = await completed(1);
      expect(entry).to.include({ end: 'client-gone' });
      expect(entry?.bytesOut).to.be.below(200 * MB);
    }));

  it('is a header of a megabyte with what: headers, or of what size is said', () =>
    withRig({}, async ({ control, connect, completed }) => {
      const [rule] = await control.add([
        { on: 'leaderboard', inject: { fault: 'huge', what: 'headers' } },
      ]);
      for (const [size, bytes] of [
        [undefined, MB],
        ['10B', 10],
        ['16MB', 16 * MB],
      ] as const) {
        const inject = { fault: 'huge', what: 'headers', ...(size && { size }) };
        await control.replace(rule?.id ?? '', { on: 'leaderboard', inject });
        const client = connect();
        client.send(GET);
        const { head, body } = (await client.answer()) as RawAnswer;
        expect(body).to.equal('[]');
        expect(/^x-huge: (a*)$/m.exec(head)?.[1]).to.have.length(bytes);
      }
      expect((await completed(3)).map(({ end }) => end)).to.deep.equal(Array(3).fill('answered'));
    }));

  it('is more than Node’s client takes of headers', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { fault: 'huge', what: 'headers' } }]);
      const failure = await send(`${url}/leaderboards/duke`).catch((error: unknown) => error);
      expect(failure).to.have.property('code', 'HPE_HEADER_OVERFLOW');
    }));

  it('says the length of its body to HEAD, and no more', () =>
    withRig({}, async ({ control, connect }) => {
      await control.add([{ on: 'stats', match: 'HEAD /*any', inject: { huge: '3MB' } }]);
      const client = connect();
      client.send(GET.replace('GET', 'HEAD') + GET);
      expect(((await client.answer(true)) as RawAnswer).head).to.match(/content-length: 3145728/i);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('refuses headers of more than 16MB, and nothing at all', () =>
    withRig({}, async (rig) => {
      const headers = { huge: '17MB', what: 'headers' };
      expect(await problemOf(rig, { on: 'leaderboard', inject: headers })).to.match(/at most 16MB/);
      const nothing = { on: 'leaderboard', inject: { huge: '0B' } };
      expect(await problemOf(rig, nothing)).to.match(/huge size: expected at least 1B/);
    }));
});
