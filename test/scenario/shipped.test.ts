import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { FileError } from '../../src/common/errors.ts';

import { validateAll } from '../../src/cli/validate.ts';
import { folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';
import { SHIPPED, shownIn } from './shipped.ts';

describe('a file that is shipped', () => {
  for (const { name, text, kind } of SHIPPED.filter((one) => !one.name.includes('.md/'))) {
    it(`lets editors complete it: ${name}`, () => {
      const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)\n/m.exec(text) ?? [];
      const schema = new URL(path, new URL(name, root));
      expect(schema.pathname.endsWith(`/src/scenario/schema/${kind}.json`), path).to.equal(true);
      expect(existsSync(schema)).to.equal(true);
    });
  }

  it('is valid', () => {
    expect(problemsIn(['scenarios', 'test/examples'])).to.equal('');
  });
});

describe('the page of all formats', () => {
  it('shows files that are valid together', () => {
    using shown = folder(
      Object.fromEntries(shownIn(PAGE).map(({ name, text }) => [basename(name), text])),
    );
    expect(problemsIn([shown.path])).to.equal('');
  });
});

function problemsIn(paths: readonly string[]): string {
  try {
    validateAll(paths);
    return '';
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.message;
  }
}

const PAGE = 'docs/scenarios.md';
