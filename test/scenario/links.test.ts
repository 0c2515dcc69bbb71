import { expect } from 'chai';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { FileError } from '../../src/common/errors.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { BROKEN_BOARD, filesOf, inFolder } from './run-files.ts';

describe('a link in a folder of scenarios', () => {
  /** The ids that are loaded, or what is wrong; `change` makes the links. */
  const loadWith = (change: (folder: string) => void, path = 'in') =>
    inFolder({ 'out/other.yaml': stringify({ contract: 'x' }), 'in/a.txt': '' }, (folder) => {
      for (const [name, content] of Object.entries(filesOf(BROKEN_BOARD)))
        writeFileSync(join(folder, 'in', name), stringify(content));
      change(join(folder, 'in'));
      try {
        return loadSuite([join(folder, path)]).cells.map(({ id }) => id);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return error.message.split('\n').map((line) => line.replace(/^.*\/in\//, ''));
      }
    });

  it('is followed where it stays in the folder', async () => {
    const ids = await loadWith((at) => {
      mkdirSync(join(at, '..data'));
      writeFileSync(
        join(at, '..data', 's.yaml'),
        stringify({ ...filesOf(BROKEN_BOARD)['scenario.yaml'], id: 'linked' }),
      );
      symlinkSync('..data/s.yaml', join(at, 'linked.yaml'));
    });
    expect(ids).to.deep.equal(['linked', 'lost-board']);
  });

  it('is an error where it leads out of the folder', async () => {
    const [first, ...others] = await loadWith((at) =>
      symlinkSync('../out/other.yaml', join(at, 'z.yaml')),
    );
    expect(first).to.match(
      /^z\.yaml:1:1: a link out of the folder that is searched, to \S+\/out\/other\.yaml: name the file itself where it is meant$/,
    );
    expect(others).to.deep.equal([]);
  });

  it('may lead out of it where it is named itself, or by use', async () => {
    const link = (at: string) => {
      writeFileSync(join(at, '..', 'out', 'page.yaml'), stringify(filesOf({})['contract.yaml']));
      symlinkSync('../out/page.yaml', join(at, 'page.link'));
      writeFileSync(
        join(at, 'scenario.yaml'),
        stringify({
          ...filesOf(BROKEN_BOARD)['scenario.yaml'],
          use: ['./system.yaml', './page.link'],
        }),
      );
    };
    expect(await loadWith(link)).to.deep.equal(['lost-board']);
    expect(
      await loadWith((at) => symlinkSync('../out/other.yaml', join(at, 'z.yaml')), 'in/z.yaml'),
    ).to.deep.equal([]);
  });

  it('to a folder is passed over: it could hold the link', async () => {
    const ids = await loadWith((at) => {
      symlinkSync('.', join(at, 'again'));
      symlinkSync('..', join(at, 'up.yaml'));
      symlinkSync('../out', join(at, 'beside'));
    });
    expect(ids).to.deep.equal(['lost-board']);
  });

  it('that leads nowhere, or in a circle, is an error', async () => {
    const problems = await loadWith((at) => {
      symlinkSync('nowhere.yaml', join(at, 'a.yaml'));
      symlinkSync('b.yaml', join(at, 'b.yaml'));
    });
    expect(problems).to.deep.equal([
      'a.yaml:1:1: cannot be read: no such file',
      'b.yaml:1:1: cannot be read: its links lead in a circle',
    ]);
  });

  it('does not stand in the way where the folder itself is named by one', async () => {
    const ids = await loadWith((at) => {
      symlinkSync('in', join(at, '..', 'link'));
      symlinkSync('scenario.yaml', join(at, 'z.yml'));
    }, 'link');
    expect(ids.join()).to.match(/the id "lost-board" is taken by/);
  });
});
