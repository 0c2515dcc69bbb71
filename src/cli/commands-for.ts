import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Io } from './io.ts';

export type MakeCommand = (io: Io) => Command;

/** The command that is called, whose file has its name, or else all: to read what nobody has asked for takes longer than most verbs. */
export async function commandsFor([name = '']: readonly string[]): Promise<readonly MakeCommand[]> {
  const called = /^[a-z]+$/.test(name) && (await load(name));
  return called ? [called] : Object.values(await import('./commands/index.ts'));
}

async function load(name: string): Promise<MakeCommand | undefined> {
  const file = new URL(`./commands/${name}.js`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const commands = (await import(file.href)) as Readonly<Record<string, MakeCommand | undefined>>;
  return commands[name];
}
