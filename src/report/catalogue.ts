import type { Reporter } from './reporter.ts';
import * as reporters from './reporters/index.ts';

/** Every reporter there is. */
export const REPORTERS: readonly Reporter[] = Object.values(reporters);
