import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { brownout } from '../helpers/cli.ts';

interface Example {
  /** What it is written for. */
  readonly program: string;
  readonly folder: string;
  readonly cells: number;
  /** What its careless twin does wrong: a cell, and all that is said of it down to what the service asked. */
  readonly wrong: Readonly<Record<string, string>>;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  'in plain Node': {
    program: 'node',
    folder: 'test/examples/shop',
    cells: 14,
    wrong: {
      'product-page.one-call[reviews,status:503]': `
  test/examples/shop/one-call.yaml:2:1
  expected price.error false, got true (test/examples/shop/one-call.yaml:2:1)
  expected stock.error false, got true (test/examples/shop/one-call.yaml:2:1)
  expected price.data {"amount":3.5,"currency":"EUR"}, got null
    (test/examples/shop/one-call.yaml:2:1)
  expected stock.data {"count":12}, got null
    (test/examples/shop/one-call.yaml:2:1)
`,
      'product-page.one-call[price,hang]': `
  test/examples/shop/one-call.yaml:2:1
  expected status 200, got no answer within 2000ms
    (test/examples/shop/one-call.yaml:2:1)
`,
    },
  },
  'in Python': {
    program: 'python3',
    folder: 'test/examples/trip',
    cells: 9,
    wrong: {
      'trip-page.one-call[alerts,reset]': `
  test/examples/trip/one-call.yaml:2:1
  expected missing.alerts true, got "[Errno 104] Connection reset by peer"
    (test/examples/trip/one-call.yaml:2:1)
  expected body (test/examples/trip/one-call.yaml:2:1)
    nowhere "Errno"
  got
    … false, "alerts": "[Errno 104] Connection res…
`,
      'trip-page.one-call[forecast,status:503]': `
  test/examples/trip/one-call.yaml:2:1
  expected missing.forecast true, got "HTTP Error 503: Service Unavailable"
    (test/examples/trip/one-call.yaml:2:1)
`,
    },
  },
};

describe('a service of one’s own', function () {
  // Each cell starts a process of another language, which on a busy machine takes seconds.
  this.timeout(120_000);

  for (const [language, { program, folder, cells, wrong }] of Object.entries(EXAMPLES)) {
    if (spawnSync(program, ['--version']).status !== 0) {
      console.log(`There is no ${program} here: the example ${language} is not run.`);
      continue;
    }
    it(`${language} is put under test by its own files, and passes`, async () => {
      const { code, stdout } = await brownout(['run', folder]);
      expect(stdout).to.include(`${cells} passed`).and.to.include('\npassed: ');
      expect(code).to.equal(0);
    });

    for (const [id, said] of Object.entries(wrong)) {
      it(`${language} fails where it is careless, by the right words: ${id}`, async () => {
        const system = `${folder}/careless.yaml`;
        const { code, stdout } = await brownout(['run', folder, '--system', system, '--id', id]);
        expect(stdout).to.include(`\n✗ ${id}  failed${said}  the service asked\n`);
        expect(stdout).to.include('\n1 failed\n');
        expect(code).to.equal(1);
      });
    }
  }
});
