/** Where something is to listen; port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Writes it; an IPv6 address stands in brackets. */
export function hostAndPort({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Reads `127.0.0.1:5001`, `[::1]:5001`, or a port alone; undefined when it is none of these. */
export function parseListen(text: string): ListenAddress | undefined {
  const [, bracketed, plain, port = ''] =
    /^(?:(?:\[([\da-f:.]+)\]|([\w.:-]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535) return undefined;
  return { host: bracketed ?? plain ?? '127.0.0.1', port: Number(port) };
}
