import type { CatalogueEntries } from '../errors/catalogue.ts';
import type { ServiceNames } from '../upstream/settings.ts';

/** A service of which the portal passes on what it says: all that has to be told of it. */
export interface GatewayService extends ServiceNames {
  readonly routes: readonly GatewayRoute[];
  /** What clients are told where the service answers with a code of its own (`<PREFIX>_CODE_FIELD` says where that stands). */
  readonly errors?: CatalogueEntries;
}

/** `GET /gateway/<service>/<path>` is answered with what `GET <path>` of the service gives. */
export interface GatewayRoute {
  /** `lobby/:product_id`: each id is passed on as one segment. What `product_id` holds is the product in the log. */
  readonly path: string;
  /** What the call is named in logs and metrics; its breaker is its own. */
  readonly call: string;
  /** Turns the document into what clients get. When it throws, the service sent something else than it should. */
  readonly read: (document: unknown) => unknown;
  /** The id in the path that must be the caller's own. */
  readonly own?: string;
}
