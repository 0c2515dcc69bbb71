import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';

describe('content-type on the wire', () => {
  for (const [what, inject, line] of [
    ['claims another type', { 'content-type': 'text/html' }, ['Content-Type: text/html']],
    ['leaves the type out', 'content-type', []],
  ] as const) {
    it(`${what}; the body stays, and so does the rest of the head`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        const client = connect();
        client.send(GET);
        const healthy = (await client.answer()) as RawAnswer;
        const [rule] = await control.add([{ on: 'leaderboard', inject }]);
        for (let i = 2; i <= 3; i++) {
          client.send(GET);
          const { head, body, raw } = (await client.answer()) as RawAnswer;
          const lines = head.split('\r\n').filter((l) => !l.startsWith('x-brownout-fault'));
          expect(lines.filter((l) => /^content-type/i.test(l))).to.deep.equal(line);
          const others = (all: string[]) => all.filter((l) => !/^content-type/i.test(l));
          expect(others(lines)).to.deep.equal(others(healthy.head.split('\r\n')));
          expect(body).to.equal(BODY);
          const entry = (await completed(i))[i - 1];
          expect(entry).to.include({ status: 200, end: 'answered', bytesOut: raw.length });
          expect(entry?.injected).to.have.length(1);
          expect(entry?.injected[0]).to.include({
            rule: rule?.id,
            fault: 'content-type',
            phase: 'headers',
          });
        }
        await control.clear();
        client.send(GET);
        expect(await client.answer()).to.include({ raw: healthy.raw });
      }));
  }

  it('does not claim to have set what the upstream says itself, or to have removed what is not there', () =>
    withRig(
      {
        handler(request, response) {
          if (request.url === '/leaderboards/duke')
            response.setHeader('content-type', 'application/json');
          response.end(BODY);
        },
      },
      async ({ control, url, completed }) => {
        await control.add([
          { on: 'leaderboard', inject: { 'content-type': 'application/json' } },
          { on: 'player-stats', inject: 'content-type' },
        ]);
        await (await fetch(`${url}/leaderboards/duke`)).text();
        await (await fetch(`${url}/stats/ann`)).text();
        const entries = await completed(2);
        expect(entries.map(({ injected }) => injected)).to.deep.equal([[], []]);
      },
    ));

  it('acts on an answer to HEAD as well', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'stats', inject: { 'content-type': 'image/png' } }]);
      const { headers } = await fetch(`${url}/leaderboards/duke`, { method: 'HEAD' });
      expect(headers.get('content-type')).to.equal('image/png');
    }));

  it('takes no line break for a type', () =>
    withRig({}, async (rig) => {
      const rule = { on: 'leaderboard', inject: { 'content-type': 'a\nb: c' } };
      expect(await problemOf(rig, rule)).to.match(/content-type value: expected text of one line/);
    }));
});
