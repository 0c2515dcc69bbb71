import type { Traffic } from './traffic.ts';

/** An upstream to stand in front of. */
export interface ProxyUpstream {
  /** As rules name it. */
  readonly name: string;
  /** `http://host:port` or https; with `protocol: tcp` also `host:port`, `tcp://host:port` or `tls://host:port`. */
  readonly target: string;
  /** What is spoken: `http` unless said. What is not HTTP/1.1 is relayed either way. */
  readonly protocol?: 'http' | 'tcp';
  /** The calls that are made to it, as `GET /stats/:product/:user`, by name. The first that fits names a request. */
  readonly calls?: Readonly<Record<string, string>>;
  /** Only rules of this run, and unscoped ones, act on this listener; without it, each request says its own. */
  readonly run?: string | undefined;
  readonly host?: string;
  /** A fixed port; a random one otherwise. */
  readonly port?: number;
  /** Send the target's own name as Host, not the client's. */
  readonly ownHost?: boolean;
  /** It is reached by TLS, with a certificate of the proxy's own authority, whatever the target speaks. */
  readonly tls?: boolean;
  /** Who vouches for a target that speaks TLS, in PEM; those whom the system and NODE_EXTRA_CA_CERTS trust, unless said. */
  readonly targetCa?: string;
  /** What becomes of bytes that cannot be followed as HTTP/1.1: they are relayed as they are, unless said, or refused by 400. */
  readonly unframed?: 'relay' | 'refuse';
  /** What the client sees of an upstream that cannot be reached, or broke: a reset, unless said. */
  readonly upstreamError?: 'reset' | 'close' | '502';
}

/** An upstream's address, as the service under test sees it. Disposing it closes the port and resets connections. */
export interface OpenUpstream extends AsyncDisposable {
  readonly name: string;
  /** The run whose rules act on it; undefined where only unscoped ones do. */
  readonly run: string | undefined;
  readonly calls: Readonly<Record<string, string>>;
  /** `host:port` */
  readonly address: string;
  /** `http://host:port`, or `https`, `tcp` or `tls`. */
  readonly url: string;
  /** With TLS: the certificate of the authority that a client has to trust, in PEM. */
  readonly ca?: string;
  /**
   * Lets it be another run's, or none's, from now on, with its port and its connections open: who calls by one run after
   * another need not connect anew. What is under way stays whose it was, and so does a request whose baggage names another
   * run.
   * @throws {BrownoutError} `rules_stand` while rules of the one run or the other stand
   */
  lend(run: string | undefined): void;
  /** What went through it so far. */
  readonly traffic: () => Traffic;
  /** What it was made of. */
  readonly made: ProxyUpstream;
}
