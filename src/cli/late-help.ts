import type { Command } from 'commander';

/** Ends a command's help with a text that takes time to make: it is made only where this command is the one that was called. */
export function endHelpWith(command: Command, make: () => Promise<string>): Command {
  let text = '';
  makers.set(command, async () => {
    text = await make();
  });
  return command.addHelpText('after', () => text);
}

/** To be awaited before a command reads its arguments: help is written at once. */
export async function readyHelp(command: Command): Promise<void> {
  await makers.get(command)?.();
}

const makers = new WeakMap<Command, () => Promise<void>>();
