import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { step } from '../../src/scenario/format/step.ts';
import * as kinds from '../../src/scenario/steps/index.ts';
import { root } from '../helpers/root.ts';

/** One step of each kind, as people write it. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  clear: 'all',
  delete: '/games/1',
  get: '/games',
  head: '/games',
  patch: '/games/1',
  pause: 'stats',
  post: '/games',
  put: '/games/1',
  resume: 'stats',
  send: 'page',
  start: 'stats',
  stop: 'stats',
  wait: '250ms',
};

describe('every kind of step', () => {
  it('has an example here', () => {
    const names = Object.values(kinds).map(({ name }) => name);
    expect(names.sort()).to.deep.equal(Object.keys(EXAMPLES));
  });

  for (const { name, schema } of Object.values(kinds)) {
    it(`${name} stands in a file of its name, is told by its key, and takes no key that it does not know`, () => {
      expect(existsSync(new URL(`src/scenario/steps/${name}.ts`, root))).to.equal(true);
      const shape = z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' });
      expect(shape.required).to.include(name);
      expect(shape.additionalProperties).to.equal(false);
      const read = step.safeParse({ [name]: EXAMPLES[name] });
      expect(read.success && typeof read.data.run).to.equal('function');
      expect(step.safeParse({ [name]: EXAMPLES[name], nonsense: 1 }).success).to.equal(false);
    });
  }
});
