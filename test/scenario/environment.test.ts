import { expect } from 'chai';
import { join } from 'node:path';
import { FileError } from '../../src/common/errors.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { inFolder, SCENARIO } from './run-files.ts';

const SYSTEM = `system: data
service:
  start: builtin portal
  env: { DATABASE_URL: 'postgres://\${env.DB_USER}@\${upstream.db.address}/x' }
upstreams:
  db: { protocol: tcp, target: '\${env.DB_HOST}:\${env.DB_PORT}' }
`;
const SET = { DB_USER: 'ann', DB_HOST: 'db.test', DB_PORT: '5432' };

describe('${env.NAME} in a system file', () => {
  const load = (env: Record<string, string> | undefined, system = SYSTEM) =>
    inFolder({ 'system.yaml': system, 'scenario.yaml': scenario }, (folder) =>
      loadSuite([join(folder, 'scenario.yaml')], { env }),
    );
  const problems = async (...given: Parameters<typeof load>) => {
    try {
      await load(...given);
      return [];
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return error.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    }
  };

  it('is the environment variable of that name', async () => {
    const [cell] = (await load(SET)).cells;
    expect(cell?.system.upstreams['db']?.target).to.deep.equal({ url: 'db.test:5432' });
    // What only stands when the system is open stays as it is.
    const url = 'postgres://ann@${upstream.db.address}/x';
    expect(cell?.system.service.env).to.deep.equal({ DATABASE_URL: url });
  });

  it('is an error where there is none, with the place of each', async () => {
    const { DB_HOST: _, ...others } = SET;
    expect(await problems(others)).to.deep.equal([
      '6:32: the environment variable DB_HOST is not set',
    ]);
    expect(await problems({ ...SET, DB_USER: '' })).to.deep.equal([
      '4:24: the environment variable DB_USER is not set',
    ]);
    expect(await problems({})).to.have.length(3);
  });

  it('may be anything while the file is only checked', async () => {
    expect(await problems(undefined)).to.deep.equal([]);
    const slip = SYSTEM.replace('env.DB_USER', 'env.DB-USER');
    expect((await problems(undefined, slip)).join()).to.match(/^4:24: unknown \$\{env\.DB-USER\}/);
  });

  it('is checked for what it makes of the text', async () => {
    expect(await problems({ ...SET, DB_PORT: 'x' })).to.deep.equal([
      '6:32: expected "builtin stats", a mock such as ./mock.yaml, or the address of the real thing, such as http://127.0.0.1:5000',
    ]);
  });
});

const scenario = {
  ...SCENARIO,
  use: ['./system.yaml'],
  steps: [{ stop: 'db' }, { get: '/health', expect: { status: 200 } }],
};
