import { expect } from 'chai';
import { SEED_ACCOUNTS } from '../../../src/portal/accounts/seed.ts';
import { createTokens } from '../../../src/portal/accounts/tokens.ts';

describe('portal: the time of tokens', () => {
  it('is the clock that the portal is given, not that of the machine', async () => {
    let now = 0;
    const config = { secret: 'only this test knows it', accessMs: 60_000, refreshMs: 120_000 };
    const tokens = createTokens(config, { now: () => now, randomHex: () => 'id' });
    const [ada] = SEED_ACCOUNTS;
    if (!ada) throw new Error('ada has no account');
    const { access, refresh } = await tokens.issue(ada);
    now = 59_000;
    expect((await tokens.verify(access)).username).to.equal('ada');
    now = 61_000;
    const refused = await tokens.verify(access).catch((error: unknown) => error);
    expect(refused).to.include({ status: 401 });
    expect((await tokens.verifyRefresh(refresh)).id).to.equal(ada.id);
  });
});
