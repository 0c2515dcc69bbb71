import type { ListenAddress } from '../../common/listen-address.ts';
import type { Io } from '../io.ts';

/** Where a proxy is controlled, unless told otherwise. */
export const CONTROL: ListenAddress = { host: '127.0.0.1', port: 8474 };

/** What a verb has to be told, so that it finds what is controlled at `url`. */
export function reachBy(url: string, { token }: { readonly token?: string }): string[] {
  const at = url === `http://${CONTROL.host}:${CONTROL.port}` ? [] : ['--control', url];
  // The one in the environment is there for the verb, too.
  return [...at, ...(token === undefined ? [] : ['--token', '<token>'])];
}

/** Each thing is told once. */
export function tellOnce({ stderr }: Io): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) stderr.write(`${message}\n`);
    told.add(message);
  };
}
