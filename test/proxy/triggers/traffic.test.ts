import { expect } from 'chai';
import { GET, send, withRig } from '../rig.ts';

describe('triggers under traffic', () => {
  const hits = async (seed: string, others: boolean) => {
    const hit: number[] = [];
    await withRig({ seed }, async ({ control, url }) => {
      await control.add([
        { on: 'leaderboard', inject: { status: 503 }, trigger: { probability: 0.4 } },
      ]);
      for (let ordinal = 1; ordinal <= 30; ordinal++) {
        const asked = [send(`${url}/leaderboards/duke`)];
        if (others) {
          await control.add([
            { on: 'player-stats', inject: 'empty', trigger: { probability: 0.5 } },
          ]);
          asked.push(send(`${url}/stats/ann`));
        }
        const [answer] = await Promise.all(asked);
        if (answer?.status === 503) hit.push(ordinal);
      }
    });
    return hit;
  };

  it('draw the same again for the same seed, whatever else goes on', async () => {
    const first = await hits('a', false);
    expect(first.length).to.be.within(3, 25);
    expect(await hits('a', true)).to.deep.equal(first);
    expect(await hits('b', false)).not.to.deep.equal(first);
  });

  it('let a rule act on so many requests at once, and on another when one of them is over', () =>
    withRig({}, async ({ control, connect, completed, entriesWhen }) => {
      await control.add([{ on: 'leaderboard', inject: 'hang', trigger: { 'max-active': 3 } }]);
      const clients = Array.from({ length: 10 }, () => connect());
      for (const client of clients) client.send(GET);
      const entries = await entriesWhen(
        (all) => all.length === 10 && all.filter(({ end }) => end === 'pending').length === 3,
      );
      expect(entries.filter(({ end }) => end === 'answered')).to.have.length(7);
      for (const client of clients) client.destroy();
      await completed(10);
      const next = Array.from({ length: 4 }, () => connect());
      for (const client of next) client.send(GET);
      await entriesWhen(
        (all) => all.length === 14 && all.filter(({ end }) => end === 'pending').length === 3,
      );
      await control.clear();
      for (const client of next) expect(await client.answer()).to.include({ status: 200 });
    }));

  it('give a slot back for an exchange whose turn never came', () =>
    withRig(
      { handler: (request, response) => void (request.url === '/slow' || response.end('healthy')) },
      async ({ control, connect, completed, entriesWhen, reached }) => {
        const trigger = { 'max-active': 1 };
        await control.add([{ on: 'leaderboard', inject: { status: 503 }, trigger }]);
        const client = connect();
        client.send(`GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${GET}`);
        await entriesWhen((all) => all.length === 2);
        client.destroy();
        await completed(2);
        expect(reached).to.deep.equal(['GET /slow']);
        const other = connect();
        other.send(GET);
        expect(await other.answer()).to.include({ status: 503 });
      },
    ));
});
