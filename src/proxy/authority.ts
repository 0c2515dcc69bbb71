/** `good`, or what is wrong with it. */
export type CertificateKind = 'good' | 'expired' | 'self-signed' | 'wrong-host';

/** A server's certificate and its key, in PEM. */
export interface Certified {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority that lives as long as its run: whoever trusts it trusts nobody else's servers. */
export interface Authority {
  /** Its own certificate in PEM: what clients are told to trust. */
  readonly pem: string;
  /** The certificate of a server that is reached at `host`, or on this machine. The same one whenever it is asked for. */
  certificate(kind: CertificateKind, host: string): Certified;
}

/**
 * Makes an authority with keys of its own, valid from an hour before `now` (milliseconds since the epoch), for a year.
 * What encodes certificates is loaded here: a run without TLS does not pay for it.
 */
export async function createAuthority(now: number): Promise<Authority> {
  const { makeCertificate, makeKeys } = await import('./tls-certificate.ts');
  const signer = { name: 'brownout, the authority of one run', keys: makeKeys() };
  const made = new Map<string, Certified>();
  const valid = { notBefore: new Date(now - HOUR), notAfter: new Date(now - HOUR + YEAR) };
  const expired = { notBefore: new Date(now - HOUR - YEAR), notAfter: new Date(now - HOUR) };
  const { publicKey } = signer.keys;
  const pem = makeCertificate({ subject: signer.name, publicKey, ...valid }, signer);

  return {
    pem,
    certificate(kind, host) {
      const key = `${kind} ${host}`;
      const certified = made.get(key) ?? make(kind, host);
      made.set(key, certified);
      return certified;
    },
  };

  function make(kind: CertificateKind, host: string): Certified {
    const keys = makeKeys();
    const hosts = kind === 'wrong-host' ? [WRONG_HOST] : [...new Set([...LOCAL, host])];
    const claims = {
      subject: hosts[0] ?? host,
      publicKey: keys.publicKey,
      ...(kind === 'expired' ? expired : valid),
      hosts,
    };
    const by = kind === 'self-signed' ? { name: claims.subject, keys } : signer;
    return {
      key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      cert: makeCertificate(claims, by),
    };
  }
}

/** Where a service on this machine may find us, whatever address was bound. */
const LOCAL = ['localhost', '127.0.0.1', '::1'];
/** A name that nobody can have (RFC 2606). */
const WRONG_HOST = 'wrong-host.invalid';
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
