import { expect } from 'chai';
import * as fc from 'fast-check';
import { resolve } from 'node:path';
import { github } from '../../../src/report/reporters/github.ts';
import { summaryMarkdown } from '../../../src/report/summary-markdown.ts';
import type { Result } from '../../../src/scenario/result.ts';
import {
  cell,
  events,
  EVERYTHING,
  failedCell,
  failure,
  faulted,
  report,
  result,
} from '../recorded.ts';

describe('the github reporter', () => {
  it('annotates the expectation that did not hold, once for all cells of one cause', () => {
    const cells = [
      failedCell({ id: 'a[both]', exchanges: [faulted(), faulted({ call: 'player-stats' })] }),
      failedCell({ id: 'a[one]' }),
      cell({ id: 'b' }),
    ];
    expect(annotations(result(cells))).to.deep.equal([
      {
        level: 'error',
        file: 'scenarios/portal/outage.yaml',
        line: '14',
        col: '9',
        title: '2 cells failed',
        message: [
          'expected leaderboard.error true, got false when leaderboard fails',
          'the simplest of them is a[one]',
          "again: brownout run scenarios/portal/outage.yaml --id 'a[one]' --seed 7",
        ].join('\n'),
      },
    ]);
  });

  it('annotates the scenario, and tells what the service said, where nothing was judged', () => {
    const reason = 'the service did not start: exit 1\nError: no module\n    at line 3';
    const [said] = annotations(result([cell({ id: 'a', verdict: 'broken', reason })]));
    expect(said).to.include({ line: '2', col: '1', title: '1 cell broken' });
    expect(said?.['message']).to.match(
      /^the service did not start: exit 1\nError: no module\n.*\na\nagain: /,
    );
  });

  it('escapes as the runner reads it, whatever a file, an id or a service says', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('%', '\r', '\n', ':', ',', '=', '2', '5', 'A', 'é'),
          minLength: 1,
        }),
        (hostile) => {
          const run = result([
            failedCell({ file: hostile, replay: hostile, failures: [failure({ at: '' })] }),
            cell({ id: 'z', verdict: 'broken', reason: hostile, file: 'x' }),
          ]);
          const text = report(github, events(run));
          expect(text.split('\n')).to.have.length(3);
          const [broken, failed] = annotations(run);
          expect(failed?.['file']).to.equal(hostile);
          expect(broken).to.include({ file: 'x', line: '2' });
        },
      ),
    );
  });

  it('names files from the root of the repository', () => {
    const [said] = annotations(result([failedCell()]), { GITHUB_WORKSPACE: resolve('..') });
    expect(said?.['file']).to.match(/^[^/]+\/scenarios\/portal\/outage\.yaml$/);
  });

  it('says no more than GitHub shows, and where the rest is', () => {
    const cells = Array.from({ length: 14 }, (_, i) =>
      failedCell({ id: `a${i}`, failures: [failure({ pointer: `/${i}x` })] }),
    );
    const said = annotations(result(cells));
    expect(said).to.have.length(10);
    expect(said.at(-1)).to.include({
      title: '5 more causes',
      message: '5 more causes are in the log',
    });
    const { text, added } = withSummary(result(cells));
    expect(text).to.contain('5 more causes are in the step summary');
    for (const { id } of cells) expect(added).to.contain(`\`${id}\``);
    const flaky = Array.from({ length: 14 }, (_, i) => flakyCell(`a${i}`));
    expect(annotations(result(flaky)).map(({ level }) => level)).to.deep.equal(
      Array.from({ length: 10 }, () => 'warning'),
    );
  });

  it('warns of what was flaky, and of what the run warns of', () => {
    const run = result([flakyCell('a')], { warnings: ['cells did not\nshare'] });
    expect(annotations(run)).to.deep.equal([
      { level: 'warning', title: 'brownout', message: 'cells did not\\nshare' },
      {
        level: 'warning',
        file: 'scenarios/portal/outage.yaml',
        line: '2',
        col: '1',
        title: 'flaky',
        message: 'a\ntry 1 failed: too late',
      },
    ]);
  });

  it('says nothing of a green run, but in the summary', () => {
    const { text, added } = withSummary(result([cell()]));
    expect(text).to.equal('');
    expect(added).to.match(
      /^## brownout: passed\n\n```text\n1 cell {2}4\.21s {2}seed 7\n1 passed\n/,
    );
  });

  it('says that a run is red although no cell is', () => {
    const none = result([], { verdict: 'inconclusive', exit: 5 });
    expect(annotations(none)[0]).to.include({ level: 'error', title: 'brownout: inconclusive' });
  });

  it('tells in the summary of each cause in full, with all that it says as it stands', () => {
    const { added } = withSummary(EVERYTHING);
    expect(added).to.match(/^### ✗ 2 cells failed: `expected leaderboard\.error true, got false/m);
    expect(added).to.contain('<details><summary>1 more like it</summary>\n\n- `open-game');
    expect(added).to.contain('expected leaderboard.error true, got false (scenarios/');
    const fenced = withSummary(
      result([failedCell({ id: '`a` <b>', reason: 'it\n```\n# not a heading', failures: [] })]),
    ).added;
    expect(fenced).to.contain('\n`` `a` <b> ``\n');
    expect(fenced).to.contain('\n````text\n');
    const fences = [...fenced.matchAll(/^`{3,}/gm)].map(([fence]) => fence.length);
    expect(fences).to.deep.equal([3, 3, 4, 3, 4]);
  });

  it('ends the summary before GitHub would drop all of it, and says so', () => {
    const cells = Array.from({ length: 400 }, (_, i) =>
      failedCell({
        id: `é${i}`,
        reason: 'ü'.repeat(4000),
        failures: [failure({ pointer: `/${i}x` })],
      }),
    );
    for (const taken of [0, 600_000, 1024 * 1024 - 300, 1024 * 1024]) {
      const { added } = withSummary(result(cells), taken);
      const bytes = Buffer.byteLength(added);
      expect(bytes + taken).to.be.at.most(1024 * 1024);
      if (taken > 700_000) continue;
      expect(bytes + taken).to.be.above(1024 * 1024 - 20_000);
      expect(added).to.match(
        /\n\d+ more sections are left out, for GitHub takes no more than 1 MiB: /,
      );
    }
    expect(withSummary(result(cells.slice(0, 50))).added).not.to.contain('left out');
  });

  it('says how much is left out wherever there is room for that', () => {
    const pointers = ['/a', '/b', '/c', '/d'];
    const run = result(
      pointers.map((pointer) => failedCell({ id: pointer, failures: [failure({ pointer })] })),
    );
    const whole = summaryMarkdown(run, null, Infinity);
    for (let limit = 700; limit < Buffer.byteLength(whole); limit += 7) {
      const text = summaryMarkdown(run, null, limit);
      expect(Buffer.byteLength(text)).to.be.at.most(limit);
      const shown = pointers.filter((pointer) => text.includes(`\`${pointer}\``)).length;
      const [, left = 0] = /^(\d) more sections? (?:is|are) left out/m.exec(text) ?? [];
      expect(shown + Number(left), `${limit}`).to.equal(4);
    }
    expect(summaryMarkdown(run, null, Buffer.byteLength(whole))).to.equal(whole);
  });

  it('writes nothing of a run that fell over', () => {
    expect(report(github, events(EVERYTHING).slice(0, -1))).to.equal('');
  });
});

function flakyCell(id: string) {
  const earlier = [{ verdict: 'failed', reason: 'too late', durationMs: 3, failures: [] }] as const;
  return cell({ id, flaky: true, attempts: 2, earlier });
}

function withSummary(run: Result, taken = 0): { readonly text: string; readonly added: string } {
  let added = '';
  const text = report(github, events(run), {
    added: { taken, write: (more) => void (added += more) },
  });
  return { text, added };
}

/** What the runner of GitHub Actions makes of what is written. */
function annotations(run: Result, env = {}): Record<string, string>[] {
  return report(github, events(run), { env })
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, level = '', properties = '', message = ''] =
        /^::(error|warning) ([^]*?)::([^]*)$/.exec(line) ?? [];
      const pairs = properties.split(',').map((pair) => {
        const [key = '', value = ''] = pair.split('=', 2);
        return [key, unescape(pair.slice(key.length + 1) || value)];
      });
      return { level, ...Object.fromEntries(pairs), message: unescape(message) };
    });
}

function unescape(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
