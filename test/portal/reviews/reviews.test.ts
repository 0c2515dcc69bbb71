import { expect } from 'chai';
import { GRACE } from '../stub-stats.ts';
import { KINDS } from '../storage/databases.ts';
import { GOOD, REVIEWS, useReviews } from './use-reviews.ts';

for (const kind of KINDS)
  describe(`portal: reviews on ${kind.name}`, () => {
    const system = useReviews(kind);

    it('a review is created, read, changed and deleted, each with its status (rows 44, 59)', async () => {
      const created = await system.ask('POST', REVIEWS, 'grace', GOOD);
      expect(created.status).to.equal(201);
      expect(created.headers.location).to.match(/^\/games\/v1\/games\/exrps\/reviews\/\d+$/);
      const { id, created_at } = created.body;
      expect(created.headers.location).to.equal(`${REVIEWS}/${id}`);
      expect(created.body).to.deep.equal({
        id,
        game_id: 'exrps',
        user_id: GRACE,
        username: 'grace',
        ...GOOD,
        votes: 0,
        created_at,
      });
      expect(new Date(created_at).toISOString()).to.equal(created_at);

      const path = `${REVIEWS}/${id}`;
      expect((await system.ask('GET', path)).body).to.deep.equal(created.body);

      const content = { rating_out_of_five: 1, text: 'It hurt.' };
      const replaced = await system.ask('PUT', path, 'grace', content);
      expect(replaced.status).to.equal(200);
      expect(replaced.body).to.deep.equal({ ...created.body, ...content });

      const voted = await system.ask('PATCH', path, 'ada', { increase_votes_by: 3 });
      expect(voted.status).to.equal(200);
      expect(voted.body).to.deep.equal({ ...replaced.body, votes: 3 });
      const less = await system.ask('PATCH', path, 'linus', { increase_votes_by: -5 });
      expect(less.body.votes).to.equal(-2);

      const deleted = await system.ask('DELETE', path, 'grace');
      expect(deleted.status).to.equal(204);
      expect(deleted.text).to.equal('');
      expect((await system.ask('GET', path)).status).to.equal(404);
      expect((await system.ask('DELETE', path, 'grace')).status).to.equal(404);
    });

    it('the list has pages as the list of games has, the newest first', async () => {
      const empty = await system.ask('GET', REVIEWS);
      expect(empty.status).to.equal(200);
      expect(empty.body).to.deep.equal({ count: 0, next: null, previous: null, results: [] });
      for (const player of ['ada', 'grace', 'linus']) {
        await system.ask('POST', REVIEWS, player, GOOD);
      }
      const first = await system.ask('GET', `${REVIEWS}?page_size=2`);
      expect(first.body.count).to.equal(3);
      const names = ({ results }: { results: { username: string }[] }) =>
        results.map(({ username }) => username);
      expect(names(first.body)).to.deep.equal(['linus', 'grace']);
      expect(first.body.next).to.equal(`${system.portal.url}${REVIEWS}?page_size=2&page=2`);
      const second = await system.ask('GET', first.body.next.slice(system.portal.url.length));
      expect(names(second.body)).to.deep.equal(['ada']);
      expect(second.body.next).to.equal(null);
      expect((await system.ask('GET', `${REVIEWS}?page=3`)).status).to.equal(404);
      expect((await system.ask('GET', `${REVIEWS}?page=999999999`)).status).to.equal(404);
    });

    it('a review belongs to its game, however the game is named', async () => {
      const path = await system.graceReviews();
      const id = path.split('/').pop();
      const byNumber = await system.ask('GET', `/games/v1/games/1/reviews/${id}`);
      expect(byNumber.body.username).to.equal('grace');
      const elsewhere = await system.ask('GET', `/games/v1/games/moonhop/reviews/${id}`);
      expect(elsewhere.status).to.equal(404);
      expect((await system.ask('GET', '/games/v1/games/moonhop/reviews')).body.count).to.equal(0);
    });

    it('every address works with and without a slash at its end (row 37)', async () => {
      expect((await system.ask('POST', `${REVIEWS}/`, 'grace', GOOD)).status).to.equal(201);
      const { id } = (await system.ask('GET', `${REVIEWS}/`)).body.results[0];
      for (const path of [`${REVIEWS}/${id}`, `${REVIEWS}/${id}/`]) {
        expect((await system.ask('GET', path)).body.id).to.equal(id);
        expect((await system.ask('PATCH', path, 'ada', { increase_votes_by: 1 })).status).to.equal(
          200,
        );
      }
      for (const path of ['/token', '/token/', '/token/refresh', '/token/refresh/', '/register/']) {
        const { status } = await system.portal.send('POST', path);
        expect(status, path).to.equal(400);
      }
    });

    it('HEAD and OPTIONS are answered, and another method is a 405 with what is allowed', async () => {
      const path = await system.graceReviews();
      const got = await system.ask('GET', path);
      const head = await system.ask('HEAD', path);
      expect(head.status).to.equal(200);
      expect(head.text).to.equal('');
      expect(head.headers['content-length']).to.equal(got.headers['content-length']);
      const options = await system.ask('OPTIONS', path);
      expect(options.status).to.equal(204);
      expect(options.headers['allow']).to.equal('DELETE, GET, HEAD, OPTIONS, PATCH, PUT');
      const posted = await system.ask('POST', path, 'ada', GOOD);
      expect(posted.status).to.equal(405);
      expect(posted.headers['allow']).to.equal('DELETE, GET, HEAD, OPTIONS, PATCH, PUT');
      expect((await system.ask('DELETE', REVIEWS, 'ada')).headers['allow']).to.equal(
        'GET, HEAD, OPTIONS, POST',
      );
    });

    it('a player reviews a game once, also when two requests come at once', async () => {
      const racing = await Promise.all(
        Array.from({ length: 5 }, () => system.ask('POST', REVIEWS, 'grace', GOOD)),
      );
      const statuses = racing.map(({ status }) => status);
      expect(statuses).to.have.members([201, 409, 409, 409, 409]);
      const again = await system.ask('POST', REVIEWS, 'grace', GOOD);
      expect(again.status).to.equal(409);
      expect(again.body).to.include({ detail: 'You have reviewed this game already.' });
      expect((await system.ask('GET', REVIEWS)).body.count).to.equal(1);
      expect(
        (await system.ask('POST', '/games/v1/games/2/reviews', 'grace', GOOD)).status,
      ).to.equal(201);
    });

    it('votes that come at once are all counted', async () => {
      const path = await system.graceReviews();
      const one = { increase_votes_by: 1 };
      await Promise.all(Array.from({ length: 20 }, () => system.ask('PATCH', path, 'ada', one)));
      expect((await system.ask('GET', path)).body.votes).to.equal(20);
    });

    it('votes that add up to more than can be kept are a 400 (row 85), and what was there stays', async () => {
      const path = await system.graceReviews();
      const most = { increase_votes_by: 2 ** 31 - 1 };
      expect((await system.ask('PATCH', path, 'ada', most)).status).to.equal(200);
      expect((await system.ask('PATCH', path, 'ada', { increase_votes_by: 1 })).status).to.equal(
        400,
      );
      expect((await system.ask('GET', path)).body.votes).to.equal(2 ** 31 - 1);
    });

    it('what was not there is there at once when it was made, and gone when it was deleted (row 117)', async () => {
      expect((await system.ask('GET', `${REVIEWS}/1`)).status).to.equal(404);
      expect(await system.graceReviews()).to.equal(`${REVIEWS}/1`);
      expect((await system.ask('GET', `${REVIEWS}/1`)).status).to.equal(200);
      await system.ask('DELETE', `${REVIEWS}/1`, 'grace');
      expect((await system.ask('GET', `${REVIEWS}/1`)).status).to.equal(404);
    });
  });
