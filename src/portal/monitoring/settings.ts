import {
  count,
  duration,
  onOrOff,
  optional,
  readSettings,
  setting,
  type Env,
} from '../settings.ts';

export interface MonitoringConfig {
  /** Opens the monitoring routes; without one they are closed to everyone. */
  readonly operatorToken: string | undefined;
  /** Whether anyone may read `/metrics` and `/health/detailed`. */
  readonly open: boolean;
  /** Failures in a row that are an alert. */
  readonly alertAfter: number;
  /** For how long an alert that has been written to the log is not written again. */
  readonly alertCooldownMs: number;
}

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readMonitoringConfig(env: Env): MonitoringConfig {
  const values = readSettings(MONITORING_SETTINGS, env);
  return {
    operatorToken: values.OPERATOR_TOKEN,
    open: values.METRICS_OPEN,
    alertAfter: values.ALERT_AFTER,
    alertCooldownMs: values.ALERT_COOLDOWN,
  };
}

function token(text: string): string {
  // The text is not repeated: a message about it may end up anywhere.
  if (/^[\x21-\x7e]{16,}$/.test(text)) return text;
  throw new RangeError('expected at least 16 letters, digits and signs without a space');
}

export const MONITORING_SETTINGS = {
  OPERATOR_TOKEN: setting(optional(token), '', 'opens /monitoring, which is closed without it'),
  METRICS_OPEN: setting(onOrOff, 'on', 'on: anyone may read /metrics and /health/detailed'),
  ALERT_AFTER: setting(count(1, 10_000), '10', 'failures in a row that are an alert'),
  ALERT_COOLDOWN: setting(duration, '5m', 'how long an alert is not logged again'),
};
