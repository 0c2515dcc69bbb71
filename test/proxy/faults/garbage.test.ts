import { expect } from 'chai';
import { BODY, GET, send, withRig, type Rig } from '../rig.ts';
import { problemOf } from './problem.ts';

/** What a client gets of an exchange that ends in garbage. */
async function answered({ connect }: Rig, requests = GET): Promise<string> {
  const client = connect();
  client.send(requests);
  expect(await client.ended).to.equal('fin');
  return client.text;
}

describe('garbage on the wire', () => {
  for (const at of ['request', 'headers'] as const) {
    it(`comes in the place of the whole answer at ${at}, then a FIN`, () =>
      withRig({}, async (rig) => {
        await rig.control.add([{ on: 'leaderboard', inject: { garbage: '100B', at } }]);
        const bytes = await answered(rig);
        expect(bytes).to.have.length(100);
        expect(rig.reached).to.have.length(at === 'request' ? 0 : 1);
        const [entry] = await rig.completed(1);
        expect(entry).to.include({ end: 'closed', bytesOut: 100 });
        expect(entry?.injected).to.have.length(1);
        expect(entry?.injected[0]).to.include({ fault: 'garbage', phase: at });
      }));
  }

  it('comes after half of the body at body, behind a healthy head', () =>
    withRig({}, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { garbage: '20B', at: 'body' } }]);
      const [head = '', ...rest] = (await answered(rig)).split('\r\n\r\n');
      expect(head).to.match(new RegExp(`^content-length: ${BODY.length}$`, 'im'));
      const body = rest.join('\r\n\r\n');
      const half = Math.floor(BODY.length / 2);
      expect(body).to.have.length(half + 20);
      expect(body.slice(0, half)).to.equal(BODY.slice(0, half));
      expect(body.slice(half)).not.to.equal(BODY.slice(half, half + 20));
      const [entry] = await rig.completed(1);
      expect(entry).to.include({ end: 'closed', status: 200 });
      expect(entry?.injected[0]).to.include({ fault: 'garbage', phase: 'body' });
    }));

  it('comes as soon as a connection is accepted, where it acts on the upstream', () =>
    withRig({}, async (rig) => {
      await rig.control.add([{ on: 'stats', inject: { garbage: '30B' } }]);
      expect(await answered(rig, '')).to.have.length(30);
      const [entry] = await rig.completed(1);
      expect(entry).to.include({ end: 'closed', call: null });
      expect(entry?.injected[0]).to.include({ fault: 'garbage', phase: 'accept' });
    }));

  it('acts on a connection that was kept alive, and ends it', () =>
    withRig({}, async ({ control, connect, completed }) => {
      const client = connect();
      client.send(GET);
      await client.answer();
      const before = client.text.length;
      await control.add([{ on: 'leaderboard', inject: 'garbage' }]);
      client.send(GET + GET);
      expect(await client.ended).to.equal('fin');
      expect(client.text.length - before).to.equal(64);
      expect((await completed(2)).map(({ injected }) => injected.length)).to.deep.equal([0, 1]);
    }));

  it('never looks like an answer: Node’s client and fetch give up at its first byte', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: 'garbage' }]);
      for (let i = 0; i < 20; i++) {
        const failure = await send(`${url}/leaderboards/duke`).catch((error: unknown) => error);
        expect(failure).to.have.property('code', 'HPE_INVALID_CONSTANT');
        expect(failure).to.have.property('bytesParsed', 0);
      }
      const fetched = await fetch(`${url}/leaderboards/duke`).catch((error: unknown) => error);
      expect(fetched).to.be.an('error');
    }));

  it('is drawn from the seed: the same bytes in every run, others in every exchange', async () => {
    const drawn: string[] = [];
    for (let run = 0; run < 2; run++) {
      await withRig({}, async (rig) => {
        await rig.control.add([{ on: 'leaderboard', inject: 'garbage' }]);
        for (let i = 0; i < 3; i++) drawn.push(await answered(rig));
      });
    }
    expect(drawn.slice(3)).to.deep.equal(drawn.slice(0, 3));
    expect(new Set(drawn).size).to.equal(3);
  });

  it('may be as long as one likes, and is never nothing', () =>
    withRig({}, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { garbage: '1.5MB' } }]);
      expect(await answered(rig)).to.have.length(1.5 * 1024 ** 2);
      const rule = { on: 'leaderboard', inject: { garbage: '0B' } };
      expect(await problemOf(rig, rule)).to.match(/garbage bytes: expected at least 1B/);
    }));
});
