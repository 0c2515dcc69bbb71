import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** The portal's log: a JSON object a line, its level by name. `to` is standard error unless told otherwise. */
export function createLog(level: LogLevel, to: DestinationStream = standardError): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: null, formatters }, to);
}

// One for all portals of a process: each destination would hold a descriptor and a listener of its own.
const standardError = pino.destination({ dest: 2, sync: true });
