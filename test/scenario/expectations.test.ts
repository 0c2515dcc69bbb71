import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { EXPECTATIONS } from '../../src/scenario/format/expect.ts';
import * as index from '../../src/scenario/expectations/index.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';
import { root } from '../helpers/root.ts';

describe('every expectation', () => {
  const files = readdirSync(new URL('src/scenario/expectations', root))
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace('.ts', ''));

  it('is a file of its name, and a line of the index', () => {
    expect([...EXPECTATIONS.keys()].sort()).to.deep.equal(files.sort());
    expect(Object.keys(index).sort()).to.deep.equal(files.sort());
  });

  for (const { name, summary } of EXPECTATIONS.values()) {
    it(`${name} is told by a phrase, in the schema for editors too`, () => {
      expect(summary)
        .to.match(/^[^\n]{10,110}$/)
        .and.not.match(/\.$/);
      expect(JSON.stringify(schemaOf('scenario'))).to.include(JSON.stringify(summary));
    });
  }
});
