import type { ListenAddress } from '../common/listen-address.ts';

/** What a system file says, checked; relative paths start at `directory`. */
export interface SystemSpec {
  readonly system: string;
  readonly directory: string;
  readonly service: ServiceSpec;
  readonly identities: Readonly<Record<string, IdentitySpec>>;
  readonly upstreams: Readonly<Record<string, UpstreamSpec>>;
  /** How cells are kept apart; `auto` unless said. */
  readonly isolation?: 'auto' | 'instance' | 'baggage' | 'exclusive';
  /** Rules as they were written, checked, by the name that stands for them. */
  readonly presets?: Readonly<Record<string, unknown>>;
  /** Names of environment variables whose values must not be shown. */
  readonly secrets: readonly string[];
}

export interface ServiceSpec {
  /** `builtin portal`; a program and its arguments; or where it runs already. */
  readonly start:
    | { readonly builtin: string; readonly flags: readonly string[] }
    | { readonly command: readonly string[] }
    | { readonly url: string };
  readonly cwd: string | undefined;
  /** May hold `${port}`, `${secret}` and `${upstream.name.url}`, `.address` or `.ca`. */
  readonly env: Readonly<Record<string, string>>;
  readonly ready: { readonly get: string; readonly within: number };
  /** How long after its last answer it may still call, in milliseconds; what is seen of it unless said. */
  readonly settle?: number | undefined;
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
  /** `builtin stats`, the URL of the real thing (of tcp, `host:port` or `tls://host:port`), or what a mock answers. */
  readonly target:
    { readonly builtin: string } | { readonly url: string } | { readonly mock: MockSpec };
  /** Where the service reaches it, where that is not the runner's choice; a free port otherwise. */
  readonly listen?: ListenAddress | undefined;
  /** The service reaches it by TLS, whatever the target speaks. */
  readonly tls: boolean;
  /** Send the target's own name as Host. */
  readonly ownHost: boolean;
  /** `GET /stats/:product/:user`, by the call's name. */
  readonly calls: Readonly<Record<string, string>>;
}

/** A mock of an upstream: what it answers, by `GET /path/:name`. */
export interface MockSpec {
  readonly mock: string;
  readonly routes: Readonly<Record<string, MockAnswer>>;
}

export interface MockAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As it is sent: JSON is written out already. */
  readonly body: string;
}
