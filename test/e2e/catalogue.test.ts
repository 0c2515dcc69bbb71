import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { FAULTS, TRIGGERS } from '../../src/proxy/catalogue.ts';
import { describeCatalogue } from '../../src/proxy/describe.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';

describe('brownout faults', () => {
  it('lists every fault and every trigger with its line of help, within 80 columns', async () => {
    const { code, stdout } = await brownout(['faults']);
    expect(code).to.equal(0);
    const said = [...FAULTS.values(), ...TRIGGERS.values()];
    const lines = stdout.split('\n');
    for (const { name, summary } of said) {
      expect(lines).to.include(`${name.padEnd(16)}${summary}`);
    }
    expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('explains a fault, with each parameter, its range and its default', async () => {
    const { stdout } = await brownout(['faults', 'latency']);
    expect(stdout).to.include('delay (required)').and.to.include('jitter (default "0ms")');
    expect(stdout).to.include('uniform, normal, lognormal, pareto');
    expect(stdout).to.include('\n  { on: stats, inject: { latency: 2s } }\n');
  });

  it('explains a trigger by an example', async () => {
    const { stdout } = await brownout(['faults', 'probability']);
    expect(stdout).to.include('\n  { on: stats, inject: reset, trigger: { probability: 0.3 } }\n');
  });

  for (const [near, name] of [
    ['latncy', 'latency'],
    ['probabilty', 'probability'],
  ] as const) {
    it(`suggests ${name} for ${near}`, async () => {
      const { code, stderr } = await brownout(['faults', near]);
      const said = `error: unknown fault or trigger "${near}", did you mean "${name}"?\n`;
      expect([code, stderr]).to.deep.equal([2, said]);
    });
  }

  it('gives all of it as JSON, as the control API does', async () => {
    const { stdout } = await brownout(['faults', '--json']);
    const all = JSON.parse(stdout) as Record<string, { name: string }[]>;
    expect(all).to.deep.equal(JSON.parse(JSON.stringify(describeCatalogue())));
    const names = Object.values(all).map((list) => list.map(({ name }) => name));
    expect(names).to.deep.equal([[...FAULTS.keys()], [...TRIGGERS.keys()]]);
    const one = await brownout(['faults', 'nth', '--json']);
    expect(JSON.parse(one.stdout)).to.deep.include({ faults: [] });
  });

  it('gives the tables of the README', async () => {
    const { stdout } = await brownout(['faults', '--markdown']);
    expect(stdout).to.include('| `reset` |').and.to.include('| `first` |');
    const { stdout: one } = await brownout(['faults', 'reset', '--markdown']);
    expect(one.match(/^\| `/gm)).to.have.length(1);
  });
});

describe('the shipped scenarios', () => {
  const rules = loadSuite([fileURLToPath(new URL('scenarios/portal', root))])
    .cells.flatMap(({ faults }) => faults)
    .map(({ planned }) => planned);

  for (const fault of FAULTS.values()) {
    it(`show what the portal makes of ${fault.name}, on each call where it acts on calls`, () => {
      const named = rules.filter(({ faults }) => faults.some((one) => one.fault === fault));
      expect(
        named,
        `no scenario in scenarios/portal injects ${fault.name}: add one`,
      ).to.have.length.above(0);
      const missing = ['leaderboard', 'player-stats'].filter(
        (call) => fault.onExchange && !named.some((rule) => rule.call === call),
      );
      expect(
        missing,
        `no scenario in scenarios/portal injects ${fault.name} on these`,
      ).to.deep.equal([]);
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

  it('knows the files of brownout proxy where they are named, Toxiproxy’s among them', async () => {
    using files = folder({
      'proxy.yaml': 'rules: [{ on: a, inject: reset }]\nupstreams: { a: { target: "http://a" } }\n',
      'toxiproxy.json': '[{"name":"db","listen":"127.0.0.1:0","upstream":"b:1"}]',
      'wrong.yaml': 'upstreams: { a: { target: "http://a", lisen: 1 } }\n',
    });
    const [proxy, toxiproxy, wrong] = ['proxy.yaml', 'toxiproxy.json', 'wrong.yaml'].map((name) =>
      files.file(name),
    );
    const { stdout } = await brownout(['validate', `${proxy}`]);
    expect(stdout).to.equal('1 file is valid: 0 scenarios, 0 cells\n');
    expect((await brownout(['validate', `${proxy}`, `${toxiproxy}`])).code).to.equal(0);
    const { code, stderr } = await brownout(['validate', `${proxy}`, `${wrong}`]);
    expect(stderr).to.match(/wrong\.yaml:1:39: .*did you mean "listen"\?\n$/);
    expect(code).to.equal(3);
  });
});
