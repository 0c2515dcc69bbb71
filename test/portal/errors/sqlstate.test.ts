import { expect } from 'chai';
import { sqlstateError } from '../../../src/portal/errors/index.ts';
import { portalErrors } from '../../../src/portal/portal-errors.ts';
import { DatabaseError } from '../../../src/portal/storage/database-error.ts';
import { answerTo, startService } from './service.ts';

const RAW = 'insert into "reviews" violates key "fk_hunter2" at 10.1.2.3:5432';

describe('errors: what a database says', () => {
  for (const [codes, status] of [
    [['22P02', '22021', '22003', '22007', '22001', '23502', '23514'], 400],
    [['23503'], 404],
    [['23505'], 409],
    [['08000', '08001', '08003', '08004', '08006', '08P01'], 503],
    [['53300', '57P01', '57P02', '57P03', '40001', '40P01'], 503],
    [['57014'], 504],
    [['42703', '42P01', '42601', '57P04', '53200', 'XX000', '99999', '', 'constructor'], 500],
  ] as const) {
    for (const code of codes) {
      it(`SQLSTATE "${code}" is a ${status}, in words of ours (rows 83, 85)`, async () => {
        const error = new DatabaseError(code, RAW);
        const answer = await answerTo(error, { registry: portalErrors() });
        expect(answer.status).to.equal(status);
        expect(answer.text).to.not.match(
          /hunter2|10\.1\.2\.3|insert|reviews|DatabaseError|\d\d[P\d]\d\d/,
        );
        expect(answer.body.detail).to.match(/^[A-Z][a-z ]+\.$/);
        expect(answer.headers['retry-after']).to.equal(status === 503 ? '5' : undefined);
        expect(answer.seen).to.have.length(status < 500 ? 0 : 1);
        const [seen] = answer.seen as Error[];
        if (status === 500) expect(seen).to.equal(error);
        else if (status > 500) expect(seen?.cause).to.equal(error);
      });
    }
  }

  it('what is in use cannot be deleted: that is a conflict (row 85)', async () => {
    await using service = await startService(
      () => {
        throw new DatabaseError('23503', RAW);
      },
      { registry: portalErrors() },
    );
    const deleted = await service.send('DELETE');
    expect(deleted.status).to.equal(409);
    expect(deleted.body.detail).to.equal('This is in use.');
    expect((await service.send('POST')).status).to.equal(404);
  });

  it('an unknown code has no error of its own (row 85)', () => {
    expect(sqlstateError('42601')).to.equal(undefined);
  });
});
