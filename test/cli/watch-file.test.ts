import { expect } from 'chai';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { watchFile } from '../../src/cli/proxy/watch-file.ts';
import { folder, type Folder } from '../helpers/folder.ts';

describe('a file that is watched', () => {
  it('is seen to change where the whole folder is replaced', () =>
    watched('in/file', (files) => {
      renameSync(files.file('in'), files.file('out'));
      mkdirSync(files.file('in'));
      writeFileSync(files.file('in/file'), 'new');
    }));

  it('is seen to change where it is a link, and what it leads through is replaced', () =>
    watched('link', (files) => {
      mkdirSync(files.file('second'));
      writeFileSync(files.file('second/file'), 'new');
      symlinkSync('second', files.file('..next'));
      renameSync(files.file('..next'), files.file('..data'));
    }));

  it('is not said to change while its text stays the same', async () => {
    using files = folder({ file: 'old' });
    let calls = 0;
    await using watching = watchFile(files.file('file'), 'old', () => {
      calls++;
      return Promise.resolve();
    });
    expect(watching).to.not.equal(undefined);
    for (let i = 0; i < 5; i++) {
      writeFileSync(files.file('file'), 'old');
      await pause(60);
    }
    // Time enough for the look of each second.
    await pause(1200);
    expect(calls).to.equal(0);
  });

  it('is told of again only when the call before is over, and never after the end', async () => {
    using files = folder({ file: 'old' });
    let [calls, active] = [0, 0];
    const watching = watchFile(files.file('file'), 'old', async () => {
      expect(++active).to.equal(1);
      calls++;
      await pause(200);
      active--;
    });
    while (calls < 3) {
      writeFileSync(files.file('file'), `${Math.random()}`);
      await pause(120);
    }
    await watching[Symbol.asyncDispose]();
    expect(active).to.equal(0);
    const before = calls;
    writeFileSync(files.file('file'), 'last');
    await pause(300);
    expect(calls).to.equal(before);
  });
});

async function watched(name: string, change: (files: Folder) => void): Promise<void> {
  using files = folder({ 'in/file': 'old', 'first/file': 'old' });
  symlinkSync('first', files.file('..data'));
  symlinkSync('..data/file', files.file('link'));
  let tell = () => {};
  const changed = new Promise<void>((resolve) => (tell = resolve));
  await using watching = watchFile(files.file(name), 'old', () => {
    tell();
    return Promise.resolve();
  });
  expect(watching).to.not.equal(undefined);
  change(files);
  await changed;
  rmSync(files.file('..data'));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
