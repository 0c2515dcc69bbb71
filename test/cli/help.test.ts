import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import type { Command } from 'commander';
import * as commands from '../../src/cli/commands/index.ts';
import { GROUPS } from '../../src/cli/groups.ts';
import type { Io } from '../../src/cli/io.ts';
import { portal } from '../../src/cli/commands/portal.ts';
import { SETTINGS } from '../../src/portal/config.ts';
import { REPORTERS } from '../../src/report/catalogue.ts';
import { brownout } from '../helpers/cli.ts';
import { root } from '../helpers/root.ts';

/** What a command is made of before it runs. */
const IO = {} as Io;
const all = Object.values(commands).map((command) => command(IO));

describe('every command', () => {
  it('is told under one of the headings, and by a line of its own', async () => {
    const { stdout } = await brownout(['--help']);
    const lines = stdout.split('\n');
    for (const command of all) {
      expect(GROUPS, command.name()).to.include(command.helpGroup());
      const own = lines.filter((line) => line.startsWith(`  ${command.name()} `));
      expect(own, command.name()).to.have.length(1);
      expect(own[0]?.endsWith(command.description()), own[0]).to.equal(true);
    }
    expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
    expect(lines.length).to.be.lessThan(42);
  });

  it('has the name of its file', () => {
    const files = (folder: string) =>
      readdirSync(new URL(`src/cli/commands/${folder}`, root))
        .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
        .map((name) => name.replace('.ts', ''));
    expect(names(all)).to.deep.equal(files('').sort());
    const fault = all.find((command) => command.name() === 'fault');
    expect(names(fault?.commands ?? [])).to.deep.equal(files('fault').sort());
  });

  for (const command of all.flatMap((one) => [one, ...one.commands])) {
    const words = command.parent ? [command.parent.name(), command.name()] : [command.name()];
    it(`has help that fits a screen, with an example: ${words.join(' ')}`, async () => {
      const { code, stdout } = await brownout([...words, '--help']);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
      // What may be told by the environment is looked up: it may be as long as it is, at the end.
      const [screen = ''] = stdout.split('\nEnvironment:\n');
      expect(screen.split('\n').length).to.be.lessThan(42);
      expect(screen).to.match(/Example|Exit codes/);
      expect(code).to.equal(0);
    });
  }
});

describe('brownout run --help', () => {
  it('names every reporter', () => {
    const help = all.find((command) => command.name() === 'run')?.helpInformation();
    const [, told = ''] = /--reporter <\S+> +(.+) \(repeatable\)$/m.exec(help ?? '') ?? [];
    // What a reporter may be told beside stands in brackets.
    const names = told.replaceAll(/\[.*?\]/g, '').split(/, | or /);
    names.sort();
    expect(names).to.deep.equal(REPORTERS.map(({ name }) => name).sort());
  });
});

describe('brownout portal --help', () => {
  for (const words of [
    ['portal', '--help'],
    ['help', 'portal'],
  ]) {
    it(`lists every variable that the portal reads, with its default: ${words.join(' ')}`, async () => {
      const { stdout } = await brownout(words);
      const [, told = ''] = stdout.split('\nEnvironment:\n');
      const paragraphs = told.trimEnd().split(/\n(?=  \S)/);
      const texts = paragraphs.map((text) => text.trim().replaceAll(/\s+/g, ' '));
      expect(texts).to.deep.equal(
        Object.entries(SETTINGS).map(
          ([name, { about, fallback }]) =>
            `${name} ${about}${fallback === '' ? '' : ` (${fallback})`}`,
        ),
      );
      const columns = paragraphs.map((text) => /^  \S+ +/.exec(text)?.[0].length);
      expect(new Set(columns).size).to.equal(1);
    });
  }

  it('a default is shown as it is, and no variable that a secret may stand in has one', () => {
    for (const [name, { fallback }] of Object.entries(SETTINGS)) {
      if (/SECRET|TOKEN$|KEYS?$|PASSWORD/.test(name)) expect(fallback, name).to.equal('');
    }
  });

  it('is loaded for this help alone', async () => {
    const command = portal(IO);
    expect(command.helpInformation()).to.not.include('Environment');
    const { stdout } = await brownout(['mock', '--help']);
    expect(stdout).to.not.include('Environment');
  });
});

function names(list: readonly Command[]): string[] {
  return list.map((command) => command.name()).sort();
}
