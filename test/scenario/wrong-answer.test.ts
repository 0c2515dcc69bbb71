import { expect } from 'chai';
import { BROKEN_BOARD, CONTRACT } from './run-files.ts';
import { rightPage, twisted, type Behaviour } from './service.ts';
import { failuresOf, later } from './judged.ts';

describe('a service that answers wrongly when its board is lost', () => {
  it('fails when the overall flag is raised although the fault was mended', async () => {
    const retrying: Behaviour = async (visit) => {
      const first = await visit.call('/board').catch(() => undefined);
      return { body: { ...(await rightPage(visit)), degraded: first === undefined } };
    };
    const scenario = {
      faults: [{ on: 'stats.board', inject: { status: 503 }, trigger: { first: 1 } }],
      expect: { degraded: 'none' },
    };
    expect(await failuresOf({ service: retrying, scenario })).to.deep.equal([
      { pointer: '/degraded', expected: false, got: true },
    ]);
  });

  it('fails when it leaks the upstream’s address', async () => {
    const failures = await failuresOf({
      contract: { never: ['${upstream.stats.address}'] },
      scenario: BROKEN_BOARD,
      service: twisted((page, { stats }) => ({
        ...page,
        board: page.board.error === true ? { ...page.board, why: `no ${stats}` } : page.board,
      })),
    });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal(['body']);
    expect(failures[0]?.expected).to.match(/^nowhere "127\.0\.0\.1:\d+"$/);
    expect(failures[0]?.got).to.contain('no http://127.0.0.1:');
  });

  it('fails when it leaks in an encoding of its own', async () => {
    const failures = await failuresOf({
      contract: { never: ['at /srv/app.js'] },
      scenario: BROKEN_BOARD,
      service: async (visit) => {
        const page = await rightPage(visit);
        const why = page.board.error === true ? '"at \\/srv\\/app.js"' : 'null';
        return { body: JSON.stringify(page).replace('"error":true', `"error":true,"why":${why}`) };
      },
    });
    expect(failures.map(({ expected }) => expected)).to.deep.equal(['nowhere "at /srv/app.js"']);
  });

  it('fails when it answers too late', async () => {
    const failures = await failuresOf({
      scenario: BROKEN_BOARD,
      service: async (visit) => {
        const body = await rightPage(visit);
        if (body.board.error === true) await later(1100);
        return { body };
      },
    });
    expect(failures.map(({ pointer, expected }) => ({ pointer, expected }))).to.deep.equal([
      { pointer: 'time', expected: 'at most 900ms' },
    ]);
  });

  it('fails when it never answers, given up at twice the budget', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return body.board.error === true ? 'never' : { body };
    };
    const failures = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(failures[0]).to.deep.equal({
      pointer: 'status',
      expected: 200,
      got: 'no answer within 1800ms',
    });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal(['status']);
  });

  it('fails when it switches protocols in the place of an answer', async () => {
    const headers = { connection: 'upgrade', upgrade: 'x' };
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return body.board.error === true ? { status: 101, headers, body: '' } : { body };
    };
    const [first] = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(first).to.include({ pointer: 'status', expected: 200 });
    expect(first?.got).to.match(/^the connection failed: it ended without an answer/);
  });

  it('fails when its answer breaks off', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      if (body.board.error !== true) return { body };
      return { headers: { 'content-length': '9999', connection: 'close' }, body };
    };
    const [first] = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(first).to.include({ pointer: 'status', expected: 200 });
  });

  it('fails when its answer is no JSON', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return { body: body.board.error === true ? `<p>${JSON.stringify(body)}` : body };
    };
    const failures = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(failures[0]).to.deep.equal({ pointer: '/board/error', expected: true, got: undefined });
  });

  it('fails when it calls too often', async () => {
    const calls = {
      ...CONTRACT.calls,
      board: { ...CONTRACT.calls.board, attempts: { max: 2 } },
    };
    const stubborn = async ({ call }: Pick<Parameters<Behaviour>[0], 'call'>) =>
      call('/board').catch(() => call('/board').catch(() => call('/board')));
    const failures = await failuresOf({
      contract: { calls },
      scenario: BROKEN_BOARD,
      service: async (visit) => ({
        body: await rightPage({
          call: (path) => (path === '/board' ? stubborn(visit) : visit.call(path)),
        }),
      }),
    });
    expect(failures).to.deep.equal([{ pointer: 'calls of board', expected: { max: 2 }, got: 3 }]);
  });

  it('fails when it does not try often enough', async () => {
    const calls = {
      ...CONTRACT.calls,
      board: { ...CONTRACT.calls.board, attempts: { min: 2 } },
    };
    const failures = await failuresOf({ contract: { calls }, scenario: BROKEN_BOARD });
    expect(failures).to.deep.equal([{ pointer: 'calls of board', expected: { min: 2 }, got: 1 }]);
  });

  it('does not keep an endless body', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return { body: body.board.error === true ? ' '.repeat(70 * 1024 ** 2) : body };
    };
    const [first] = await failuresOf({
      service,
      contract: { budget: { baseline: '5s', degraded: '5s' } },
      scenario: BROKEN_BOARD,
    });
    expect(first?.got).to.match(/an answer of more than 16 MB/);
  });
});
