import { expect } from 'chai';
import { InvalidError } from '../../../src/common/errors.ts';
import type { JournalEntry, JournalPage } from '../../../src/proxy/journal.ts';
import { GET, send } from '../rig.ts';
import { startBoth, until, WHERES } from './with-both.ts';
import { withControl } from './with-control.ts';

const PATH = '/leaderboards/duke';

for (const where of WHERES) {
  describe(`the journal, page by page, ${where}`, () => {
    it('gives all, however many, where no limit is said', async () => {
      await using both = await startBoth(where);
      const client = both.connect();
      for (let sent = 0; sent < 2300; sent += 100) {
        client.send(GET.repeat(100));
        await both.completed(sent + 100);
      }
      const { entries, next } = await both.control.journal();
      expect(entries.map(({ id }) => id)).to.deep.equal(
        Array.from({ length: 2300 }, (_, i) => i + 1),
      );
      expect((await both.control.journal({ since: next })).entries).to.deep.equal([]);
    });

    it('goes on exactly behind the last that was given', async () => {
      await using both = await startBoth(where);
      for (let i = 0; i < 7; i++) await send(both.url + PATH);
      await both.completed(7);
      const pages: JournalPage[] = [];
      for (let since = 0; pages.at(-1)?.entries.length !== 0;) {
        const page = await both.control.journal({ since, limit: 3 });
        pages.push(page);
        since = page.next;
      }
      expect(pages.map(({ entries }) => entries.map(({ id }) => id))).to.deep.equal([
        [1, 2, 3],
        [4, 5, 6],
        [7],
        [],
      ]);
    });

    it('loses and doubles nothing where entries change between two pages', async () => {
      await using both = await startBoth(where);
      await both.control.add([{ on: 'leaderboard', inject: 'hang', trigger: { every: 3 } }]);
      const clients = Array.from({ length: 9 }, () => both.connect());
      for (const client of clients) {
        client.send(GET);
      }
      await until(async () => {
        const { entries } = await both.control.journal();
        const hung = entries.filter(({ injected }) => injected.length > 0);
        return hung.length === 3 && entries.filter(({ end }) => end === 'answered').length === 6;
      });
      const seen: JournalEntry[] = [];
      let since = 0;
      for (let pages = 0; pages < 12; pages++) {
        const page = await both.control.journal({ since, limit: 2 });
        seen.push(...page.entries);
        since = page.next;
        // In the middle of the reading, what hung goes on, and one more comes.
        if (pages === 1) {
          await both.control.clear();
          await send(both.url + PATH);
          await both.completed(10);
        }
      }
      const { entries } = await both.control.journal();
      const last = new Map(seen.map((entry) => [entry.id, entry]));
      const sorted = [...last.values()].sort((a, b) => a.id - b.id);
      expect(sorted).to.deep.equal(entries);
      const texts = seen.map((entry) => JSON.stringify(entry));
      expect(new Set(texts).size).to.equal(texts.length);
    });

    it('gives what is of one upstream', async () => {
      await using both = await startBoth(where);
      const other = await both.proxy.open({ name: 'db', target: both.url });
      await send(other.url + PATH);
      await both.completed(2);
      const { entries } = await both.control.journal({ upstream: 'db' });
      expect(entries.map(({ upstream }) => upstream)).to.deep.equal(['db']);
    });

    it('refuses a since that it never gave, as that of a proxy before it', async () => {
      await using both = await startBoth(where);
      const error: unknown = await both.control.journal({ since: 5 }).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(InvalidError);
      expect((error as InvalidError).problems[0]?.path).to.deep.equal(['since']);
    });
  });
}

describe('the journal over HTTP', () => {
  it('gives a thousand at a time unless more are asked for', () =>
    withControl({}, async (ask, { connect, completed }) => {
      const client = connect();
      client.send(GET.repeat(1100));
      await completed(1100);
      const count = async (query: string) => {
        const { body } = await ask(`GET /v1/journal${query}`);
        return (body as JournalPage).entries.length;
      };
      expect(await count('')).to.equal(1000);
      expect(await count('?limit=1')).to.equal(1);
      expect(await count('?limit=10000')).to.equal(1100);
      expect(await count('?upstream=db')).to.equal(0);
      client.destroy();
    }));
});
