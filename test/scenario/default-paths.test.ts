import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pathsIn } from '../../src/scenario/choose/default-paths.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';
import { root } from '../helpers/root.ts';
import { inFolder } from './run-files.ts';

describe('brownout.yaml', () => {
  const accepts = new Ajv2020({ strict: true }).compile(schemaOf('config'));

  it('of this repository is what its JSON Schema accepts', () => {
    expect(accepts(parse(readFileSync(new URL('brownout.yaml', root), 'utf8')))).to.equal(true);
  });

  for (const [text, message] of [
    ['runs: [.]', ':1:1: unknown key "runs", did you mean "run"?'],
    ['run: []', ':1:1: expected at least one file or folder'],
    ['run: [""]', ':1:7: '],
    ['run: here', ':1:6: '],
    ['', ':1:1: '],
  ] as const) {
    it(`is refused with a position, by its schema too: ${text || 'empty'}`, () =>
      inFolder({ 'brownout.yaml': text }, (folder) => {
        expect(() => pathsIn(join(folder, 'brownout.yaml'))).to.throw(`brownout.yaml${message}`);
        expect(accepts(parse(text))).to.equal(false);
      }));
  }
});
