import { expect } from 'chai';
import { InvalidError } from '../../src/common/errors.ts';
import type { StatsEvent } from '../../src/mock-stats/events.ts';
import { startMockStats, type RunningMockStats } from '../../src/mock-stats/start.ts';

const won = (winner: string, loser: string, product = 'exrps'): StatsEvent => ({
  product_id: product,
  type: 'game_over',
  winner_id: winner,
  loser_id: loser,
});

describe('game events', () => {
  let mock: RunningMockStats;
  beforeEach(async () => {
    const stats = { ada: { games: '9', wins: '4', losses: '5' } };
    mock = await startMockStats({
      data: { products: { exrps: { scores: { ada: 4, debtor: -1 }, stats } } },
    });
  });
  afterEach(() => mock[Symbol.asyncDispose]());

  const read = async (path: string): Promise<unknown> => (await fetch(`${mock.url}${path}`)).json();
  const board = async (product = 'exrps') => {
    const rows = (await read(`/leaderboards/top_ten/${product}`)) as unknown[];
    return rows.map((row) => Object.values(row as object));
  };

  it('give the winner a point and put the loser on the board', async () => {
    expect(mock.recordEvents(won('ada', 'new'))).to.equal(1);
    expect(await board()).to.deep.equal([
      ['ada', 5],
      ['new', 0],
      ['debtor', -1],
    ]);
  });

  it('start a new winner at 1 and leave the score of a known loser', async () => {
    mock.recordEvents([won('new', 'ada'), won('debtor', 'new')]);
    expect(await board()).to.deep.equal([
      ['ada', 4],
      ['new', 1],
      ['debtor', 0],
    ]);
  });

  it('count games, wins and losses as strings', async () => {
    mock.recordEvents(won('ada', 'new'));
    expect(await read('/stats/exrps/ada')).to.deep.equal({ games: '10', wins: '5', losses: '5' });
    expect(await read('/stats/exrps/new')).to.deep.equal({ games: '1', wins: '0', losses: '1' });
  });

  it('count each weapon, and a choice not made as a botch', async () => {
    for (const event_data of ['0', '1', '1', '2', '2', '2', 'null'] as const) {
      mock.recordEvents({
        product_id: 'exrps',
        event_name: 'select_weapon',
        event_data,
        user_id: 'x',
      });
    }
    expect(await read('/stats/exrps/x')).to.deep.equal({
      rock_selection_count: '1',
      paper_selection_count: '2',
      scissors_selection_count: '3',
      botch_selection_count: '1',
    });
  });

  it('of an unknown product fill its board, though its stats stay a 400', async () => {
    mock.recordEvents(won('ada', 'new', 'other'));
    expect(await board('other')).to.deep.equal([
      ['ada', 1],
      ['new', 0],
    ]);
    expect((await fetch(`${mock.url}/stats/other/ada`)).status).to.equal(400);
  });

  it('leave the data of other instances alone', async () => {
    const data = { products: { exrps: { scores: { ada: 1 } } } };
    await using first = await startMockStats({ data });
    await using second = await startMockStats({ data });
    first.recordEvents(won('ada', 'new'));
    const rows = await (await fetch(`${second.url}/leaderboards/top_ten/exrps`)).json();
    expect(rows).to.deep.equal([{ user_id: 'ada', score: 1 }]);
  });

  const mistakes: readonly (readonly [unknown, string])[] = [
    [null, 'expected an object (product_id, game_id, type, winner_id, loser_id), got null'],
    [[1], '0: expected an object (product_id, game_id, type, winner_id, loser_id), got 1'],
    [{ ...won('a', 'b'), winner_id: '' }, 'winner_id: expected an id, got an empty string'],
    [{ ...won('a', 'b'), looser_id: 'b' }, 'unknown key "looser_id", did you mean "loser_id"?'],
    [{ ...won('a', 'b'), type: 'game_ovr' }, 'type: unknown value "game_ovr", did you mean'],
    [
      { product_id: 'p', event_name: 'select_weapon', event_data: '3', user_id: 'a' },
      'event_data: unknown value "3"',
    ],
    [
      { product_id: 'p', type: 'game_event' },
      'event_name: missing key "event_name": select_weapon is needed',
    ],
    [
      { product_id: 'p', type: 'game_event', event_name: 'select_wepon', event_data: '0' },
      'event_name: unknown value "select_wepon", did you mean "select_weapon"?',
    ],
  ];
  for (const [event, message] of mistakes) {
    it(`such as ${JSON.stringify(event)} are refused`, () => {
      expect(() => mock.recordEvents(event as StatsEvent)).to.throw(InvalidError, message);
    });
  }

  it('are recorded all or none', async () => {
    const before = await board();
    expect(() => mock.recordEvents([won('ada', 'new'), {} as StatsEvent])).to.throw(InvalidError);
    expect(await board()).to.deep.equal(before);
  });
});
