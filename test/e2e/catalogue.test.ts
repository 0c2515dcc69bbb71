import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { FAULTS } from '../../src/proxy/catalogue.ts';
import { loadSuite } from '../../src/scenario/load.ts';
import { brownout } from '../helpers/cli.ts';
import { root } from '../helpers/root.ts';

describe('brownout faults', () => {
  it('lists every fault with its line of help, within 80 columns', async () => {
    const { code, stdout } = await brownout(['faults']);
    expect(code).to.equal(0);
    for (const name of FAULTS.keys()) expect(stdout).to.match(new RegExp(`^${name} `, 'm'));
    expect(stdout.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('explains one, with each parameter, its range and its default', async () => {
    const { stdout } = await brownout(['faults', 'latency']);
    expect(stdout).to.include('delay (required)').and.to.include('jitter (default "0ms")');
    expect(stdout).to.include('uniform, normal, lognormal, pareto');
  });

  it('suggests the near miss', async () => {
    const { code, stderr } = await brownout(['faults', 'latncy']);
    expect([code, stderr]).to.deep.equal([
      2,
      'error: unknown fault "latncy", did you mean "latency"?\n',
    ]);
  });

  it('gives them as JSON', async () => {
    const { stdout } = await brownout(['faults', '--json']);
    const faults = JSON.parse(stdout) as { name: string }[];
    expect(faults.map(({ name }) => name)).to.deep.equal([...FAULTS.keys()]);
  });
});

describe('the shipped scenarios', () => {
  const rules = loadSuite([fileURLToPath(new URL('scenarios/portal', root))])
    .cells.flatMap(({ faults }) => faults)
    .map(({ planned }) => planned);

  for (const fault of FAULTS.values()) {
    it(`show what the portal makes of ${fault.name}, on each call where it acts on calls`, () => {
      const named = rules.filter(({ faults }) => faults.some((one) => one.fault === fault));
      expect(named, `no scenario in scenarios/portal injects ${fault.name}: add one`).to.not.be
        .empty;
      const missing = ['leaderboard', 'player-stats'].filter(
        (call) => fault.onExchange && !named.some((rule) => rule.call === call),
      );
      expect(missing, `no scenario in scenarios/portal injects ${fault.name} on these`).to.be.empty;
    });
  }
});

describe('brownout schema', () => {
  for (const [kind, file] of [
    ['system', 'system.yaml'],
    ['contract', 'contracts/open-game.yaml'],
    ['scenario', 'one-call.yaml'],
  ] as const) {
    it(`gives editors what the ${kind} files keep to`, async () => {
      const { stdout } = await brownout(['schema', kind]);
      const check = new Ajv2020({ strict: false }).compile(JSON.parse(stdout) as object);
      const text = readFileSync(new URL(`scenarios/portal/${file}`, root), 'utf8');
      expect(check(parse(text)), JSON.stringify(check.errors)).to.equal(true);
      expect(check(parse(text.replace(`\n${kind}:`, `\n${kind}x:`)))).to.equal(false);
    });
  }
});

describe('brownout validate', () => {
  it('counts what is valid', async () => {
    const { code, stdout } = await brownout(['validate', 'scenarios']);
    expect(stdout).to.match(/^\d+ files are valid: \d+ scenarios, \d+ cells\n$/);
    expect(code).to.equal(0);
  });
});
