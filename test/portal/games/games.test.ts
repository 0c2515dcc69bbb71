import { expect } from 'chai';
import { usePortal } from '../use-portal.ts';

const FIELDS = [
  'game_id',
  'name',
  'desc',
  'client_url',
  'cover_art',
  'banner_art',
  'stats_config',
  'game_state',
  'game_type',
];

describe('portal: games', () => {
  const system = usePortal();

  const get = (path: string) => system.portal.get(path);

  it('the list has active and coming games, by name, each with exactly nine fields (rows 34, 36)', async () => {
    const { status, body } = await get('/games/v1/games/');
    expect(status).to.equal(200);
    expect(body).to.have.all.keys('count', 'next', 'previous', 'results');
    expect(body.count).to.equal(3);
    for (const game of body.results) expect(Object.keys(game)).to.deep.equal(FIELDS);
    const of = (field: string) => body.results.map((game: Record<string, string>) => game[field]);
    expect(of('game_id')).to.deep.equal(['exrps', 'moonhop', 'test_game']);
    expect(of('name')).to.deep.equal(['Exploding Rock Paper Scissors', 'Moon Hop', 'Test Game']);
    expect(of('game_state')).to.deep.equal(['ACT', 'CMS', 'ACT']);
    expect(body).to.include({ next: null, previous: null });
  });

  it('its pages lead to one another (row 34)', async () => {
    const first = await get('/games/v1/games/?page_size=2');
    expect(first.body.results).to.have.length(2);
    expect(first.body.next).to.equal(`${system.portal.url}/games/v1/games/?page_size=2&page=2`);
    expect(first.body.previous).to.equal(null);
    const second = await get(first.body.next.slice(system.portal.url.length));
    expect(second.body.results).to.have.length(1);
    expect(second.body.next).to.equal(null);
    const back = await get(second.body.previous.slice(system.portal.url.length));
    expect(back.body.results).to.deep.equal(first.body.results);
  });

  it('a page size that is too large or no number is fifteen (row 34)', async () => {
    for (const size of ['99', '0', '-1', 'x', '']) {
      const { status, body } = await get(`/games/v1/games/?page_size=${size}`);
      expect(status).to.equal(200);
      expect(body.results).to.have.length(3);
    }
  });

  it('a page that is not there is a 404 (row 34)', async () => {
    for (const page of ['2', '0', '-1', 'x', '99999999999999999999']) {
      const { status, body } = await get(`/games/v1/games/?page=${page}`);
      expect(status).to.equal(404);
      expect(body.detail).to.equal('Invalid page.');
    }
  });

  it('a strange host is refused: it would stand in the addresses of other pages', async () => {
    const { status } = await system.portal.get('/games/v1/games/?page_size=1', { host: 'a b"<' });
    expect(status).to.equal(400);
  });

  it('a game is found by its number and by its id (row 35)', async () => {
    const byNumber = await get('/games/v1/games/1/');
    expect(Object.keys(byNumber.body)).to.deep.equal(FIELDS);
    expect(byNumber.body.game_id).to.equal('exrps');
    expect((await get('/games/v1/games/exrps')).body).to.deep.equal(byNumber.body);
  });

  it('an inactive or unknown game is a 404 in both versions, and nobody is asked (row 35)', async () => {
    for (const path of [
      '/games/v1/games/4/',
      '/games/v1/games/retired',
      '/games/v1/games/999999999/',
      '/games/v1/games/0',
      '/games/v1/games/none',
      '/games/v2/games/retired',
      '/games/v2/games/none',
      '/games/v2/games/__proto__',
    ]) {
      const { status, body } = await get(path);
      expect(status).to.equal(404);
      expect(body.detail).to.equal('No game has this id.');
    }
    expect(system.stub.calls).to.deep.equal([]);
  });

  it('every route works with and without a slash at its end (row 37)', async () => {
    for (const path of ['v1/games', 'v1/games/1', 'v1/leaderboard/exrps', 'v1/stats/exrps']) {
      const [bare, slash] = [await get(`/games/${path}`), await get(`/games/${path}/`)];
      expect(bare.status).to.equal(200);
      expect(slash.body).to.deep.equal(bare.body);
    }
    for (const path of ['v2/games/exrps', 'v2/leaderboard/exrps', 'v2/stats/exrps']) {
      expect((await get(`/games/${path}`)).status).to.equal(200);
      expect((await get(`/games/${path}/`)).status).to.equal(200);
    }
  });

  it('a page of a game has the nine fields of the game (rows 3, 36)', async () => {
    const { body } = await get('/games/v2/games/exrps');
    expect(Object.keys(body.game)).to.deep.equal(FIELDS);
    expect(Object.keys(body)).to.deep.equal([
      'game',
      'leaderboard',
      'player_stats',
      'degraded',
      'request_id',
    ]);
  });
});
