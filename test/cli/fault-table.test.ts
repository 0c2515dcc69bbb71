import { Chalk } from 'chalk';
import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';
import { catalogueTable, explainFault, explainTrigger } from '../../src/cli/fault-table.ts';
import { FAULTS, parseRule, TRIGGERS, type UpstreamNames } from '../../src/proxy/catalogue.ts';
import { describeFault } from '../../src/proxy/describe.ts';

const PLAIN = new Chalk({ level: 0 });
const COLOUR = new Chalk({ level: 1 });
const UPSTREAMS: UpstreamNames = {
  stats: { calls: [], tls: true },
  db: { calls: [], tls: true, protocol: 'tcp' },
};

describe('the help of the catalogue', () => {
  for (const fault of FAULTS.values()) {
    it(`shows ${fault.name} by a rule that may be written so`, () => {
      const shown = ruleIn(explainFault(fault, 80, PLAIN));
      const planned = parseRule(shown, UPSTREAMS);
      expect(planned.faults.map((one) => one.fault)).to.deep.equal([fault]);
    });

    it(`says truly whether ${fault.name} acts on tcp`, () => {
      const onTcp = { ...ruleIn(explainFault(fault, 80, PLAIN)), on: 'db' };
      if (describeFault(fault).tcp) parseRule(onTcp, UPSTREAMS);
      else expect(() => parseRule(onTcp, UPSTREAMS)).to.throw(`${fault.name} acts on HTTP`);
    });
  }

  for (const trigger of TRIGGERS.values()) {
    it(`shows ${trigger.name} by a rule that may be written so`, () => {
      const { spec } = parseRule(ruleIn(explainTrigger(trigger, PLAIN)), UPSTREAMS);
      expect(Object.keys(spec.trigger ?? {})).to.deep.equal([trigger.name]);
    });
  }

  it('says each thing in one line, and has a name for one thing only', () => {
    const all = [...FAULTS.values(), ...TRIGGERS.values()];
    // With the longest name before it, that fits a terminal.
    for (const { name, summary } of all) expect(summary.length, name).to.be.at.most(64);
    expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length);
  });

  it('fits a terminal of 80 columns, and colour changes no letter', () => {
    const all = { faults: [...FAULTS.values()], triggers: [...TRIGGERS.values()] };
    const texts = (paint: typeof PLAIN) => [
      catalogueTable(all, 80, paint),
      ...all.faults.map((fault) => explainFault(fault, 80, paint)),
      ...all.triggers.map((trigger) => explainTrigger(trigger, paint)),
    ];
    const plain = texts(PLAIN);
    expect(plain.flatMap((text) => longLines(text, 80))).to.deep.equal([]);
    expect(texts(COLOUR)).not.to.deep.equal(plain);
    expect(texts(COLOUR).map(stripVTControlCharacters)).to.deep.equal(plain);
  });

  it('goes on in more lines where the terminal is narrow', () => {
    const all = { faults: [...FAULTS.values()], triggers: [...TRIGGERS.values()] };
    expect(longLines(catalogueTable(all, 50, PLAIN), 50)).to.deep.equal([]);
  });
});

/** The rule that an explanation shows. */
function ruleIn(text: string): object {
  const [, rule = ''] = /\n {2}(\{ on: .*\})\n$/.exec(text) ?? [];
  return parse(rule) as object;
}

function longLines(text: string, width: number): string[] {
  return text.split('\n').filter((line) => line.length > width);
}
