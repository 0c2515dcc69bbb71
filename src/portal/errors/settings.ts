import { oneOf, readSettings, setting, type Env } from '../settings.ts';
import { ERROR_FORMATS, type ErrorFormat } from './renderers/index.ts';

export interface ErrorConfig {
  readonly format: ErrorFormat;
  readonly validationStatus: 400 | 422;
}

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readErrorConfig(env: Env): ErrorConfig {
  const { ERROR_FORMAT, VALIDATION_STATUS } = readSettings(ERROR_SETTINGS, env);
  return { format: ERROR_FORMAT, validationStatus: VALIDATION_STATUS === '422' ? 422 : 400 };
}

export const ERROR_SETTINGS = {
  ERROR_FORMAT: setting(
    oneOf(ERROR_FORMATS),
    'problem',
    `the form of errors where a client accepts any: ${ERROR_FORMATS.join(', ')}`,
  ),
  VALIDATION_STATUS: setting(
    oneOf(['400', '422']),
    '400',
    'the status of what does not fit: 400, 422',
  ),
};
