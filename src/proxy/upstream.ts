import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** A connection of ours to an upstream, perhaps still being made. */
export interface Connected {
  readonly stream: Duplex;
  /** Ends it with an RST, as the client has ended its own. */
  abort(): void;
}

/** Where an upstream is. */
export interface UpstreamAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** `name:port`, the port left out where it is the protocol's own: what Host would say. */
  readonly authority: string;
}

/**
 * Reads `http://host:port`, `https://host`, `tcp://host:port`, `tls://host:port` or `host:port`.
 * @throws {TypeError} when it is none of these
 */
export function parseAddress(target: string): UpstreamAddress {
  const url = new URL(target.includes('://') ? target : `tcp://${target}`);
  const tls = url.protocol === 'https:' || url.protocol === 'tls:';
  const port = Number(url.port) || { 'http:': 80, 'https:': 443 }[url.protocol];
  if (port === undefined) throw new TypeError(`expected host:port, got ${JSON.stringify(target)}`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, tls, authority: url.host };
}

/** How TLS is spoken with an upstream. */
export interface UpstreamTls {
  /** Who may vouch for it, in PEM, in the place of whom the system trusts. */
  readonly ca?: string | undefined;
  /** What is offered by ALPN; without it ALPN is not spoken. */
  readonly protocols?: readonly string[] | undefined;
}

export function connectUpstream(
  { host, port, tls }: UpstreamAddress,
  { ca, protocols }: UpstreamTls = {},
): Connected {
  if (!tls) {
    const socket = connectTcp({ host, port, allowHalfOpen: true, noDelay: true });
    return { stream: socket, abort: () => abortSocket(socket) };
  }
  const raw = connectTcp({ host, port, allowHalfOpen: true, noDelay: true });
  const socket = connectTls({
    socket: raw,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    host,
    ...(ca === undefined ? {} : { ca }),
    ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
  });
  // The error of the connection beneath is told by the one above.
  raw.on('error', (error) => socket.destroy(error));
  return { stream: socket, abort: () => abortSocket(raw) };
}

function abortSocket(socket: Socket): void {
  // The system refuses to reset what is being shut down, and Node then loses the handle.
  const ending = socket.writableEnded && !socket.writableFinished;
  if (socket.connecting || socket.destroyed || ending) socket.destroy();
  else socket.resetAndDestroy();
}

/** Reads on, or does not. */
export function flow(stream: Duplex, wanted: boolean): void {
  if (wanted !== stream.isPaused()) return;
  if (wanted) stream.resume();
  else stream.pause();
}
