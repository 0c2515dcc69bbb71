import { Argument, InvalidArgumentError } from 'commander';
import { BrownoutError } from '../common/errors.ts';
import { parseListen, type ListenAddress } from '../common/listen-address.ts';
import type { Io } from './io.ts';

/** The files that a command works on; where none is named, those of `defaultPaths`. */
export function pathsArgument(description: string): Argument {
  return new Argument('[paths...]', `${description} (or as brownout.yaml says)`);
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** A port: 0 lets the system choose. */
export function port(value: string): number {
  if (isPort(value)) return Number(value);
  throw new InvalidArgumentError('expected a port from 0 to 65535');
}

/**
 * The port that `PORT` names, or `standard` where it is absent or empty.
 * @throws {BrownoutError} `usage`
 */
export function portOf({ env }: Io, standard: number): number {
  const text = env['PORT'] || String(standard);
  if (isPort(text)) return Number(text);
  throw new BrownoutError('usage', `PORT: expected a port from 0 to 65535, got "${text}"`);
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= 65_535;
}

/** `127.0.0.1:8474`, or a port alone. */
export function address(value: string): ListenAddress {
  const parsed = parseListen(value);
  if (parsed) return parsed;
  throw new InvalidArgumentError('expected host:port, or a port from 0 to 65535');
}

/** `name=value`, several times; such as `example`. */
export function named<T>(parse: (value: string) => T, example: string) {
  return (text: string, before: ReadonlyMap<string, T> = new Map()): Map<string, T> => {
    const [, name, value] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      const message = `expected name=value, such as ${example}; a name is of a-z, 0-9 and -`;
      throw new InvalidArgumentError(message);
    }
    if (before.has(name)) throw new InvalidArgumentError(`${name} is said twice`);
    return new Map(before).set(name, parse(value));
  };
}
