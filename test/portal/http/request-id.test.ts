import { expect } from 'chai';
import { PAGE } from '../portal-under-test.ts';
import { json } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';

describe('portal: the id of a request', () => {
  const system = usePortal();

  it('comes back, stands in answers, errors and the log, and goes on to the stats service (row 114)', async () => {
    system.stub.board = json([], 500);
    const id = 'a1.b2:c3-d4_e5';
    const page = await system.portal.getAsAda(PAGE, { 'x-request-id': id });
    expect(page.headers['x-request-id']).to.equal(id);
    expect(page.body.request_id).to.equal(id);
    expect(page.body.degraded).to.equal(true);
    expect(new Set(system.stub.calls.map(({ headers }) => headers['x-request-id']))).to.deep.equal(
      new Set([id]),
    );
    const failed = system.portal.log.filter((line) => line['call'] === 'leaderboard');
    expect(failed).to.have.length(1);
    expect(failed[0]).to.include({ requestId: id });

    const error = await system.portal.get('/nowhere', { 'x-request-id': id });
    expect(error.headers['x-request-id']).to.equal(id);
    expect(error.body.request_id).to.equal(id);
  });

  it('is made where none came, or one that could do harm, another each time (row 114)', async () => {
    const seen = new Set<unknown>();
    for (const given of [
      undefined,
      '',
      'a b',
      '<b>',
      'x'.repeat(129),
      'a\tb',
      '"quoted"',
      '%0d%0a',
    ]) {
      const headers = given === undefined ? {} : { 'x-request-id': given };
      const { headers: answered, body } = await system.portal.get('/nowhere', headers);
      expect(answered['x-request-id']).to.match(/^[\da-f]{32}$/);
      expect(body.request_id).to.equal(answered['x-request-id']);
      seen.add(body.request_id);
    }
    expect(seen.size).to.equal(8);
  });
});
