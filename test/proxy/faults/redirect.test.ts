import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { GET, send, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';

describe('redirect on the wire', () => {
  for (const code of [301, 302, 303, 307, 308]) {
    it(`says ${code} and where to, without a body, on every exchange of a connection`, () =>
      withRig({}, async ({ control, connect, reached, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { redirect: '/elsewhere?a=b', code } }]);
        const client = connect();
        client.send(GET + GET + GET.replace('leaderboards/duke', 'stats/ann'));
        for (let i = 0; i < 2; i++) {
          const { status, head, body } = (await client.answer()) as RawAnswer;
          expect({ status, body }).to.deep.equal({ status: code, body: '' });
          expect(head).to.match(/^location: \/elsewhere\?a=b$/m);
        }
        expect(await client.answer()).to.include({ status: 200 });
        expect(reached).to.deep.equal(['GET /stats/ann']);
        const [entry] = await completed(3);
        expect(entry).to.include({ status: code, end: 'answered' });
        expect(entry?.injected[0]).to.include({ fault: 'redirect', phase: 'request' });
      }));
  }

  it('sends a client that follows it round and round, unless it is told where to', () =>
    withRig({}, async ({ control, url, completed }) => {
      await control.add([{ on: 'leaderboard', inject: 'redirect' }]);
      const failure = await fetch(`${url}/leaderboards/duke?top=3`).catch((error: Error) => error);
      expect(failure)
        .to.be.an('error')
        .with.nested.property('cause.message')
        .that.matches(/redirect/);
      const paths = (await completed(21)).map(({ path }) => path);
      expect(new Set(paths)).to.deep.equal(new Set(['/leaderboards/duke?top=3']));
    }));

  it('is followed to another place', () =>
    withRig({}, async ({ control, url, reached }) => {
      await control.add([{ on: 'leaderboard', inject: { redirect: `${url}/stats/ann` } }]);
      expect((await fetch(`${url}/leaderboards/duke`)).status).to.equal(200);
      expect(reached).to.deep.equal(['GET /stats/ann']);
    }));

  it('stays on this host where the path begins with two slashes', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'stats', inject: 'redirect' }]);
      const { response } = await send(`${url}//evil.example/x`);
      const { location = '' } = response.headers;
      expect(new URL(location, url).href).to.equal(`${url}//evil.example/x`);
    }));

  it('takes no line break for an address', () =>
    withRig({}, async (rig) => {
      const rule = { on: 'leaderboard', inject: { redirect: '/x\r\nset-cookie: a=b' } };
      expect(await problemOf(rig, rule)).to.match(/redirect to: expected text of one line/);
    }));
});
