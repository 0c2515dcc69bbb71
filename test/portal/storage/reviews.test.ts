import { expect } from 'chai';
import type { ReviewContent } from '../../../src/portal/reviews/reviews.ts';
import { ADA, GRACE } from '../stub-stats.ts';
import { KINDS } from './databases.ts';
import { refusal, storageAt, useStorage } from './use-storage.ts';

const FINE = { rating_out_of_five: 4, text: 'Ça va 🎲' };

for (const kind of KINDS) {
  describe(`portal: reviews in ${kind.name}`, () => {
    const system = useStorage(kind);
    beforeEach(() => system.database.query('delete from reviews'));

    const add = (userId = ADA, gameId = 'exrps', content: object = {}) =>
      system.storage.reviews.add(gameId, userId, { ...FINE, ...content });

    it('one that is added has a number, a writer’s name, no votes and a time', async () => {
      const before = Date.now();
      const review = await add();
      expect(Object.keys(review)).to.deep.equal([
        'id',
        'game_id',
        'user_id',
        'username',
        'rating_out_of_five',
        'text',
        'votes',
        'created_at',
      ]);
      const { id, created_at, ...others } = review;
      const written = { game_id: 'exrps', user_id: ADA, username: 'ada', ...FINE, votes: 0 };
      expect(others).to.deep.equal(written);
      expect(id).to.be.a('number').above(0);
      expect(created_at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(created_at)).to.be.within(before, Date.now());
      expect(await system.storage.reviews.find('exrps', id)).to.deep.equal(review);
    });

    it('a game’s are listed in parts, the newest first', async () => {
      const [first, second] = [await add(ADA), await add(GRACE)];
      await add(ADA, 'moonhop');
      const { reviews } = system.storage;
      const list = (offset: number, limit: number) => reviews.list('exrps', { offset, limit });
      expect(await list(0, 15)).to.deep.equal({ count: 2, results: [second, first] });
      expect(await list(1, 1)).to.deep.equal({ count: 2, results: [first] });
      expect(await list(2, 15)).to.deep.equal({ count: 2, results: [] });
      expect(await list(1_500_000_000, 15)).to.deep.equal({ count: 2, results: [] });
      const none = { count: 0, results: [] };
      expect(await reviews.list('none', { offset: 0, limit: 15 })).to.deep.equal(none);
      expect(await reviews.list('\0', { offset: 0, limit: 15 })).to.deep.equal(none);
    });

    it('a number is never given again', async () => {
      const { id } = await add();
      expect(await system.storage.reviews.remove('exrps', id)).to.equal(true);
      expect((await add()).id).to.be.above(id);
    });

    it('one that is replaced keeps its votes and its time', async () => {
      const { id, created_at } = await add();
      await system.storage.reviews.vote('exrps', id, 2);
      const content = { rating_out_of_five: 1, text: 'No.' };
      const replaced = await system.storage.reviews.replace('exrps', id, content);
      expect(replaced).to.deep.include({ ...content, id, created_at, votes: 2, username: 'ada' });
      expect(await system.storage.reviews.find('exrps', id)).to.deep.equal(replaced);
    });

    it('of votes that come at once, also from two portals, none is lost', async () => {
      const { id } = await add();
      const other = storageAt(system.database.url);
      await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          (i % 2 ? other : system.storage).reviews.vote('exrps', id, 1),
        ),
      );
      await other.close();
      expect(await system.storage.reviews.find('exrps', id)).to.have.property('votes', 100);
      expect(await system.storage.reviews.vote('exrps', id, -3)).to.have.property('votes', 97);
    });

    it('there is none of another game, none of a number that cannot be, and none that is gone', async () => {
      const { reviews } = system.storage;
      const { id } = await add();
      const absent = [
        ['moonhop', id],
        ['exrps', id + 1],
        ['exrps', 2 ** 31],
        ['exrps', 1e20],
        ['ex\0', id],
      ] as const;
      for (const [game, number] of absent) {
        expect(await reviews.find(game, number)).to.equal(undefined);
        expect(await reviews.replace(game, number, FINE)).to.equal(undefined);
        expect(await reviews.vote(game, number, 1)).to.equal(undefined);
        expect(await reviews.remove(game, number)).to.equal(false);
      }
      expect(await reviews.find('exrps', id)).to.have.property('votes', 0);
    });

    it('a player has one of a game', async () => {
      await add();
      const second = await refusal(add());
      const constraint = 'reviews_game_id_user_id_key';
      expect(second).to.deep.equal({ code: '23505', constraint });
    });

    it('the game and the player must be there', async () => {
      expect(await refusal(add('nobody'))).to.have.property('code', '23503');
      expect(await refusal(add(ADA, 'none'))).to.have.property('code', '23503');
    });

    for (const [what, content, code, constraint] of [
      ['no rating', { rating_out_of_five: null }, '23502'],
      ['a rating of 0', { rating_out_of_five: 0 }, '23514', 'reviews_rating_out_of_five_check'],
      ['a rating of 6', { rating_out_of_five: 6 }, '23514', 'reviews_rating_out_of_five_check'],
      ['a rating of 4.5', { rating_out_of_five: 4.5 }, '22P02'],
      ['a rating that is no number', { rating_out_of_five: NaN }, '22P02'],
      ['a rating that is a word', { rating_out_of_five: 'good' }, '22P02'],
      ['a rating that is true', { rating_out_of_five: true }, '22P02'],
      ['a rating past 32 bits', { rating_out_of_five: 2 ** 31 }, '22003'],
      ['no text', { text: null }, '23502'],
      ['an empty text', { text: '' }, '23514', 'reviews_text_length'],
      ['a text of 2001 letters', { text: 'x'.repeat(2001) }, '23514', 'reviews_text_length'],
      ['a text with a NUL', { text: 'a\0b' }, '22021'],
    ] as const) {
      it(`${what} is refused as ${code}, also where one is replaced`, async () => {
        const refused = { code, constraint };
        expect(await refusal(add(ADA, 'exrps', content))).to.deep.equal(refused);
        const { id } = await add();
        const replacing = system.storage.reviews.replace('exrps', id, {
          ...FINE,
          ...content,
        } as ReviewContent);
        expect(await refusal(replacing)).to.deep.equal(refused);
        expect(await system.storage.reviews.find('exrps', id)).to.deep.include(FINE);
      });
    }

    it('a text of 2000 signs is taken, whatever they are', async () => {
      const text = '🎲'.repeat(2000);
      expect(await add(ADA, 'exrps', { text })).to.have.property('text', text);
    });

    it('votes as few as a number holds are counted', async () => {
      const { id } = await add();
      const fewest = await system.storage.reviews.vote('exrps', id, -(2 ** 31));
      expect(fewest).to.have.property('votes', -(2 ** 31));
      expect((await refusal(system.storage.reviews.vote('exrps', id, -1))).code).to.equal('22003');
    });

    for (const [by, code] of [
      [2 ** 31 - 1, '22003'],
      [2 ** 31, '22003'],
      [1e20, '22003'],
      [0.5, '22P02'],
      [NaN, '22P02'],
    ] as const) {
      it(`votes by ${by} are refused as ${code}, and none is counted`, async () => {
        const { id } = await add();
        await system.storage.reviews.vote('exrps', id, 1);
        const refused = await refusal(system.storage.reviews.vote('exrps', id, by));
        expect(refused.code).to.equal(code);
        expect(await system.storage.reviews.find('exrps', id)).to.have.property('votes', 1);
      });
    }
  });
}
