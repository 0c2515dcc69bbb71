/** What a system file says, checked; relative paths start at `directory`. */
export interface SystemSpec {
  readonly system: string;
  readonly directory: string;
  readonly service: ServiceSpec;
  readonly identities: Readonly<Record<string, IdentitySpec>>;
  readonly upstreams: Readonly<Record<string, UpstreamSpec>>;
  /** How cells are kept apart; `auto` unless said. */
  readonly isolation?: 'auto' | 'instance' | 'baggage';
  /** Names of environment variables whose values must not be shown. */
  readonly secrets: readonly string[];
}

export interface ServiceSpec {
  /** `builtin portal`, or a program and its arguments. */
  readonly start:
    | { readonly builtin: string; readonly flags: readonly string[] }
    | { readonly command: readonly string[] };
  readonly cwd: string | undefined;
  /** May hold `${port}`, `${secret}` and `${upstream.name.url}`, `.address` or `.ca`. */
  readonly env: Readonly<Record<string, string>>;
  readonly ready: { readonly get: string; readonly within: number };
  /** It says that no breaker, cache or pool carries one request's fate into another's. */
  readonly stateless: boolean;
}

/** How to log in: the request, and a pointer to the bearer token in its answer. */
export interface IdentitySpec {
  readonly post: string;
  readonly json: unknown;
  readonly token: string;
}

export interface UpstreamSpec {
  /** Of tcp, only the bytes are known. */
  readonly protocol: 'http' | 'tcp';
  /** `builtin stats`, or the URL of the real thing; of tcp, `host:port` or `tls://host:port`. */
  readonly target: { readonly builtin: string } | { readonly url: string };
  /** The service reaches it by TLS, whatever the target speaks. */
  readonly tls: boolean;
  /** Send the target's own name as Host. */
  readonly ownHost: boolean;
  /** `GET /stats/:product/:user`, by the call's name. */
  readonly calls: Readonly<Record<string, string>>;
}
