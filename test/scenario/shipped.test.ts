import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { FileError } from '../../src/common/errors.ts';

import { validateAll } from '../../src/cli/validate.ts';
import { root } from '../helpers/root.ts';
import { SHIPPED } from './shipped.ts';

describe('a file that is shipped', () => {
  for (const { name, text, kind } of SHIPPED.filter((one) => !one.name.startsWith('README'))) {
    it(`lets editors complete it: ${name}`, () => {
      const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const schema = new URL(path, new URL(name, root));
      expect(schema.pathname.endsWith(`/src/scenario/schema/${kind}.json`), path).to.equal(true);
      expect(existsSync(schema)).to.equal(true);
    });
  }

  it('is valid', () => {
    try {
      validateAll(['scenarios', 'test/examples']);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      expect.fail(error.message);
    }
  });
});
