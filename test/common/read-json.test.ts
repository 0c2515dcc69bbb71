import { expect } from 'chai';
import * as fc from 'fast-check';
import { readJson } from '../../src/common/read-json.ts';

describe('JSON that a service sends', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('is read up to a depth that every walk through it can go', () => {
    expect(readJson(nested(1000))).to.have.property('json');
    for (const deep of [
      nested(1001),
      nested(100_000),
      '{"a":'.repeat(2000) + '1' + '}'.repeat(2000),
    ])
      expect(readJson(deep)).to.deep.equal({ problem: 'JSON that is nested more than 1000 deep' });
  });

  it('may hold any number of brackets beside each other, or in its texts', () => {
    for (const text of [
      `[${'[],{},'.repeat(5000)}1]`,
      JSON.stringify('['.repeat(5000)),
      JSON.stringify([`\\"${'{'.repeat(5000)}`, '"[', '\\']),
      JSON.stringify({ ['['.repeat(3000)]: '\\"[['.repeat(1000) }),
    ])
      expect(readJson(text)).to.deep.equal({ json: JSON.parse(text) as unknown });
  });

  it('is read as JSON.parse reads it, or is none', () => {
    const padded = fc.json().map((text) => `${' '.repeat(3000)}${text}`);
    fc.assert(
      fc.property(fc.oneof(padded, fc.string({ minLength: 2001, maxLength: 2100 })), (text) => {
        const read = readJson(text);
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          expect(read).to.deep.equal({ problem: undefined });
          return;
        }
        expect(read).to.deep.equal({ json });
      }),
    );
    expect(readJson(`"${'[\\'.repeat(2000)}`)).to.deep.equal({ problem: undefined });
  });
});
