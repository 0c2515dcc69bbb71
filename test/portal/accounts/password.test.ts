import { expect } from 'chai';
import { hashPassword, isPassword } from '../../../src/portal/accounts/password.ts';
import { HttpError } from '../../../src/portal/errors/http-error.ts';

describe('portal: passwords', () => {
  it('are kept as hashes that only they open, each with a salt of its own', async () => {
    const kept = await hashPassword('correct horse', Buffer.alloc(16, 1));
    const other = await hashPassword('correct horse', Buffer.alloc(16, 2));
    expect(JSON.stringify(kept)).to.not.include('horse');
    expect(kept.hash).to.not.equal(other.hash);
    expect(await isPassword('correct horse', kept)).to.equal(true);
    expect(await isPassword('correct horse ', kept)).to.equal(false);
    expect(await isPassword('correct horse', undefined)).to.equal(false);
  });

  it('wait for their turn, and too many at once are told to come again', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 80 }, () => isPassword('x', undefined)),
    );
    const refused = settled.filter((one) => one.status === 'rejected');
    expect(refused).to.have.length(80 - 2 - 64);
    for (const { reason } of refused) {
      expect(reason).to.be.instanceOf(HttpError);
      expect(reason).to.include({ status: 503, code: 'unavailable', severity: 'warn' });
      expect((reason as HttpError).headers).to.deep.equal({ 'Retry-After': '1' });
    }
    expect(await isPassword('x', undefined)).to.equal(false);
  });
});
