import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError } from '../../src/common/errors.ts';
import { readYaml } from '../../src/common/yaml-file.ts';

describe('a YAML file on disk', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-yaml-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is read as UTF-8', () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'a: é☃');
    expect(readYaml(file)).to.deep.include({ file, value: { a: 'é☃' } });
  });

  it('is read as UTF-16 where its first bytes say so', () => {
    const file = join(folder, 'utf16.yaml');
    const bytes = Buffer.from('\ufeffa: é\nb: [', 'utf16le');
    for (const written of [bytes, Buffer.from(bytes).swap16()]) {
      writeFileSync(file, written);
      expect(() => readYaml(file)).to.throw(FileError, /utf16\.yaml:2:5: /);
    }
  });

  it('that is no text is refused, at its first byte that is none', () => {
    const file = join(folder, 'bytes.yaml');
    for (const [bytes, place] of [
      [Buffer.from('a: 1\nb: é', 'latin1'), '2:4'],
      [Buffer.from('7f454c4602ff', 'hex'), '1:6'],
      [Buffer.from([...Buffer.from('a: ☃'), 0xe2, 0x98]), '1:5'],
    ] as const) {
      writeFileSync(file, bytes);
      expect(() => readYaml(file)).to.throw(FileError, `${file}:${place}: is no text`);
    }
  });

  it('that is far larger than people write is refused unread', () => {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, '');
    truncateSync(file, 100 * 1024 ** 2);
    expect(() => readYaml(file)).to.throw(FileError, /large\.yaml:1:1: is too large: 100\.0 MB/);
  });

  it('that is a device or a pipe is refused unopened', () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    for (const file of [pipe, join(folder, 'zero.yaml')])
      expect(() => readYaml(file)).to.throw(FileError, `${file}:1:1: cannot be read: a device`);
  });

  it('whose link leads to itself is refused', () => {
    const file = join(folder, 'self.yaml');
    symlinkSync('self.yaml', file);
    expect(() => readYaml(file)).to.throw(FileError, 'cannot be read: its links lead in a circle');
  });

  it('is said not to exist where it does not', () => {
    const file = join(folder, 'none.yaml');
    expect(() => readYaml(file)).to.throw(FileError, `${file}:1:1: cannot be read: no such file`);
  });

  it('is said to be unreadable where it is a folder', () => {
    expect(() => readYaml(folder)).to.throw(
      FileError,
      `${folder}:1:1: cannot be read: a folder, not a file`,
    );
  });

  it('keeps the position of a mistake in its YAML', () => {
    const file = join(folder, 'b.yaml');
    writeFileSync(file, 'a: 1\na: 2');
    expect(() => readYaml(file)).to.throw(FileError, `${file}:2:1: the key "a" stands here twice`);
  });
});
