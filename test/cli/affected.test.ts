import { expect } from 'chai';
import { join } from 'node:path';
import { affectedBy } from '../../src/cli/run/affected.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { inFolder } from '../scenario/run-files.ts';
import { files, HEAD, WHOLE } from '../scenario/scenario-text.ts';

describe('what a changed file affects', () => {
  it('is what uses it, and all where that is not known: a fragment may be named by any step', async () => {
    const using = `${HEAD.replace('id: one', 'id: two').replace(']\n', ', ./f.yaml]\n')}faults: [{ on: stats.board, inject: reset }]
steps: [{ use: f }]
`;
    const naming = WHOLE.replace('id: one', 'id: three') + 'steps: [{ use: ./f.yaml }]\n';
    const f = { fragment: 'f', steps: [{ send: 'page' }] };
    const set = files(WHOLE, { 'f.yaml': f, 't.yaml': using, 'u.yaml': naming });
    await inFolder(set, (folder) => {
      const suite = loadSuite([folder]);
      const affected = (name: string) =>
        affectedBy([join(folder, name)], suite).map(({ id }) => id);
      expect(affected('s.yaml')).to.deep.equal(['one']);
      expect(affected('u.yaml')).to.deep.equal(['three']);
      expect(affected('f.yaml')).to.deep.equal(['one', 'two', 'three']);
    });
  });
});
