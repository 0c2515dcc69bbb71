import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { schemaOf } from '../../../src/scenario/format/schema.ts';
import { CONTRACT_MISTAKES } from './contract.ts';
import { FILES, type Kind, type Mistake } from './files.ts';
import { SCENARIO_MISTAKES } from './scenario.ts';
import { SYSTEM_MISTAKES } from './system.ts';

/** What only other files, other places of the same file, or a value of the matrix where it is put in show to be wrong. */
const BEYOND: Readonly<Record<Kind, readonly string[]>> = {
  system: [
    'a program that is told no port',
    'the port as a shell would have it',
    'the port in capitals',
    'a variable that is misspelt',
    'half a variable',
    'a target without http',
    'a call with its name in braces',
  ],
  contract: ['a call that the system does not name', 'an upstream that is not there'],
  scenario: [
    'a path that leads nowhere',
    'no system in use',
    'a fault that is misspelt',
    'a fault alone',
    'a fault on what is not there',
    'a call that is misspelt in the matrix',
    'an axis that stands nowhere',
    'a variable that is misspelt',
    'a variable without braces',
    'a latency without a unit',
    'a status in words',
    'a status that there is not',
    'an upstream that is not there',
    'a path for a contract',
  ],
};

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });

describe('an editor', () => {
  const tables: [Kind, Readonly<Record<string, Mistake>>][] = [
    ['system', SYSTEM_MISTAKES],
    ['contract', CONTRACT_MISTAKES],
    ['scenario', SCENARIO_MISTAKES],
  ];
  for (const [kind, mistakes] of tables) {
    const fits = ajv.compile(schemaOf(kind));

    it(`has nothing to say of a ${kind} that is right`, () => {
      expect(fits(parse(FILES[`${kind}.yaml`]))).to.equal(true);
    });

    it(`sees by the JSON Schema of a ${kind} what it can`, () => {
      const unseen = Object.entries(mistakes)
        .filter(([, [from, to]]) => fits(parse(FILES[`${kind}.yaml`].replace(from, () => to))))
        .map(([what]) => what);
      expect(unseen).to.deep.equal(BEYOND[kind]);
    });
  }
});
