import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import * as installed from 'brownout/errors';
import * as source from '../../../src/portal/errors/index.ts';
import { root } from '../../helpers/root.ts';

const FOLDER = fileURLToPath(new URL('src/portal/errors/', root));
const COMMON = fileURLToPath(new URL('src/common/', root));

describe('errors: as a package', () => {
  it('brownout/errors is what stands here', () => {
    expect(installed.handleErrors).to.equal(source.handleErrors);
    expect(Object.keys(installed)).to.deep.equal(Object.keys(source));
  });

  it('fits an app of anyone, whatever its state', () => {
    const app = new Koa<{ user: string }>();
    app.use(installed.handleErrors());
    expect(app.middleware).to.have.length(1);
  });

  it('loads nothing of the rest of the portal, and no package', () => {
    const loaded = new Set<string>();
    const packages = new Set<string>();
    const load = (file: string) => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const imports = readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm,
      );
      for (const [, from = ''] of imports) {
        if (from.startsWith('.')) load(join(dirname(file), from));
        else packages.add(from);
      }
    };
    load(join(FOLDER, 'index.ts'));
    expect(loaded.size).to.be.above(20);
    const strangers = [...loaded].filter(
      (file) => !file.startsWith(FOLDER) && !file.startsWith(COMMON),
    );
    expect(strangers).to.deep.equal([]);
    expect([...packages].filter((name) => !name.startsWith('node:'))).to.deep.equal([]);
  });

  it('has its part in what is published', () => {
    const { exports, files } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
      exports: Record<string, { types: string; default: string }>;
      files: string[];
    };
    for (const file of Object.values(exports['./errors'] ?? {})) {
      expect(file).to.match(/^\.\/dist\/src\/portal\/errors\/index\./);
    }
    expect(files).to.include('dist/src');
  });
});
