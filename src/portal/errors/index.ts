/** Errors of a Koa service, as clients and operators need them. Loads no package, and of brownout nothing but what of `common/` it needs. */
export { handleErrors, type ErrorHandling } from './handle-errors.ts';
export {
  createErrorRegistry,
  type ErrorClass,
  type ErrorHandler,
  type ErrorRegistry,
} from './registry.ts';
export { HttpError, type HttpErrorOptions, type Severity } from './http-error.ts';
export { ClientError, ServerError } from './families.ts';
export * from './classes.ts';
export { InvalidRequest, MissingParameter } from './invalid-request.ts';
export { inOneLine, type RequestProblem } from './problems.ts';
export { httpError } from './factory.ts';
export { phraseOf, standardMessage } from './messages.ts';
export { sqlstateError, type SqlstateOptions } from './sqlstate.ts';
export {
  createCatalogue,
  type Catalogue,
  type CatalogueEntries,
  type CatalogueEntry,
  type CatalogueOptions,
} from './catalogue.ts';
export { dropPrepared } from './prepared.ts';
export type { ErrorFacts, Renderer } from './renderer.ts';
export { ERROR_FORMATS, RENDERERS, type ErrorFormat } from './renderers/index.ts';
export { statusBody, type StatusBody } from './renderers/status.ts';
