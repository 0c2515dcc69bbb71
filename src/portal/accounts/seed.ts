import type { Account } from './accounts.ts';

/**
 * The players that a fresh portal knows. These are demo accounts: each one's password is `<username>-plays-fair`. Their
 * hashes are made beforehand, so that starting a portal costs no scrypt.
 */
export const SEED_ACCOUNTS: readonly Account[] = [
  {
    id: '0b1c8a52-6f7e-4d8e-9a51-3f0c2d7e4a01',
    username: 'ada',
    email: 'ada@example.test',
    accountType: 'PL',
    location: 'London',
    password: {
      salt: 'z31hDQFKBP6E243PIA6E8g',
      hash: 'sdQgnTYIbwzUiMbvaxyTz5kHl2dUkb4AKgUmMf1HPLY',
    },
  },
  {
    id: '5d2f4c1e-9b3a-4e6d-8c7f-1a2b3c4d5e02',
    username: 'grace',
    email: 'grace@example.test',
    accountType: 'PL',
    location: 'New York',
    password: {
      salt: 'bWhthdneYfnftpkv30x8aw',
      hash: 'fRGlKxqL5xINZaaPy3gIiScMzbcf7KgjaxHKgaYEROg',
    },
  },
  {
    id: '9e8d7c6b-5a4f-4321-8bcd-ef0123456703',
    username: 'linus',
    email: 'linus@example.test',
    accountType: 'PL',
    location: 'Helsinki',
    password: {
      salt: 'F5zc_uV1RrVvem8WCA-lFg',
      hash: 'QMw_4G24bVbfIFIUrkl8iWhxThrlcGOBsPI9PyV6XsY',
    },
  },
];
