import { expect } from 'chai';
import { SETTINGS } from '../../src/portal/config.ts';
import { createHider, secretsIn } from '../../src/portal/secrets.ts';

describe('portal: what nobody else may learn of its settings', () => {
  const secrets = (env: Record<string, string>) =>
    secretsIn(Object.keys(SETTINGS), env).filter((secret) => secret !== '');

  it('secrets, tokens and each key of a list', () => {
    const env = { JWT_SECRET: 'a phrase', OPERATOR_TOKEN: 'operator', STATS_KEYS: 'one, two' };
    expect(secrets({ ...env, LOG_LEVEL: 'info' })).to.have.members([
      'a phrase',
      'operator',
      'one',
      'two',
    ]);
  });

  it('the password of an address, as it is written and as it is meant', () => {
    expect(secrets({ DATABASE_URL: 'postgres://portal:p%40ss@db/portal' })).to.have.members([
      'p%40ss',
      'p@ss',
    ]);
    expect(secrets({ DATABASE_URL: 'postgres://portal:p%zzss@db/portal' })).to.have.members([
      'p%zzss',
    ]);
    expect(
      secrets({ DATABASE_URL: 'sqlite:games.db', STATS_TRACKER_URL: 'http://x' }),
    ).to.deep.equal([]);
  });

  it('nothing where nothing is told, and nothing of what the portal does not read', () => {
    expect(secrets({ AWS_SECRET: 'not ours' })).to.deep.equal([]);
  });
});

describe('portal: what hides the secrets in a text', () => {
  it('hides a key whole that begins with another key', () => {
    const hide = createHider(['stats-key', 'stats-key-2026']);
    expect(hide('no stats-key-2026, no stats-key')).to.equal('no [hidden], no [hidden]');
  });

  it('hides what is percent-encoded, and leaves what could be a word', () => {
    expect(createHider(['p@ssword', 'score'])('p%40ssword: the score')).to.equal(
      '[hidden]: the score',
    );
  });
});
