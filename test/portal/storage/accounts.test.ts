import { expect } from 'chai';
import type { Account } from '../../../src/portal/accounts/accounts.ts';
import { SEED_ACCOUNTS } from '../../../src/portal/accounts/seed.ts';
import { ADA, GRACE } from '../stub-stats.ts';
import { KINDS } from './databases.ts';
import { refusal, useStorage } from './use-storage.ts';

const EVE: Account = {
  id: 'eve',
  username: 'eve',
  email: 'Eve@Example.test',
  accountType: 'CO',
  location: '',
  password: { salt: 'c2FsdA', hash: 'aGFzaA' },
};

for (const kind of KINDS) {
  describe(`portal: accounts in ${kind.name}`, () => {
    const system = useStorage(kind);

    it('the players of a fresh portal are there', async () => {
      for (const account of SEED_ACCOUNTS) {
        expect(await system.storage.accounts.findByEmail(account.email)).to.deep.equal(account);
      }
    });

    it('one that is added is found, its address in lower case', async () => {
      const { accounts } = system.storage;
      await accounts.add(EVE);
      const kept = { ...EVE, email: 'eve@example.test' };
      expect(await accounts.find('eve')).to.deep.equal(kept);
      expect(await accounts.findByUsername('eve')).to.deep.equal(kept);
      for (const email of ['eve@example.test', 'EVE@EXAMPLE.TEST']) {
        expect(await accounts.findByEmail(email)).to.deep.equal(kept);
      }
    });

    it('a name, an address and an id are one account’s, however the address is written', async () => {
      const { accounts } = system.storage;
      const taken = (other: Partial<Account>) =>
        refusal(accounts.add({ ...EVE, id: 'e2', username: 'e2', email: 'e2@x', ...other }));
      const clash = (constraint: string) => ({ code: '23505', constraint });
      expect(await taken({ username: 'ada' })).to.deep.equal(clash('accounts_username_key'));
      expect(await taken({ email: 'ADA@example.test' })).to.deep.equal(clash('accounts_email_key'));
      expect(await taken({ id: ADA })).to.deep.equal(clash('accounts_pkey'));
      // What was refused has left nothing behind.
      expect(await accounts.find('e2')).to.equal(undefined);
    });

    it('of many who want one name at once, one gets it', async () => {
      const wanting = Array.from({ length: 20 }, (_, i) =>
        system.storage.accounts
          .add({ ...EVE, id: `z${i}`, username: 'zoe', email: `zoe${i}@x` })
          .then(() => 'added')
          .catch(({ code }: { code: string }) => code),
      );
      const results = await Promise.all(wanting);
      expect(results.filter((result) => result === 'added')).to.have.length(1);
      expect(results.filter((result) => result === '23505')).to.have.length(19);
    });

    it('nobody is found by what no account can have', async () => {
      const { accounts } = system.storage;
      for (const text of ['nobody@x', '', 'ada@example.test\0', "' or 1=1 --", '\ud800']) {
        expect(await accounts.findByEmail(text)).to.equal(undefined);
        expect(await accounts.find(text)).to.equal(undefined);
      }
    });

    it('names are told of those ids that have an account', async () => {
      const ids = [GRACE, 'nobody', 'bad\0id', ADA, ADA];
      const names = await system.storage.accounts.usernames(ids);
      expect(Object.fromEntries(names)).to.deep.equal({ [ADA]: 'ada', [GRACE]: 'grace' });
      expect((await system.storage.accounts.usernames([])).size).to.equal(0);
    });
  });
}
