import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Sees to it that a process group ends with this process, however that ends: SIGKILL, from a person or for want of memory,
 * lets nobody put anything back. The function that it gives takes the group out again.
 */
export function guardGroup(group: number): () => void {
  groups.add(group);
  tell(`+ ${group}`);
  return () => {
    groups.delete(group);
    tell(`- ${group}`);
  };
}

function tell(line: string): void {
  // One that a signal has ended has no exit code.
  if (shell && shell.exitCode === null && shell.signalCode === null) {
    shell.stdin?.write(`${line}\n`);
    return;
  }
  shell = startShell();
  for (const group of groups) shell.stdin?.write(`+ ${group}\n`);
}

/** A shell that reads from this process alone: at the end of what it reads, this process is no more. */
function startShell(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A Ctrl-C is not for it.
    detached: true,
  });
  // Without a shell, this is what cannot be had.
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?(): void } | null)?.unref?.();
  return child;
}

let shell: ChildProcess | undefined;
const groups = new Set<number>();

const SCRIPT = `
groups=
while read -r change group; do
  left=
  for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
  groups=$left
  [ "$change" = + ] && groups="$groups $group"
done
for one in $groups; do kill -s KILL -- "-$one"; done
`;
