import type { Context } from 'koa';

/**
 * Answers an error by changing `ctx`, whose response is as it was when the error was thrown. A handler that sets neither status nor body
 * leaves them as they are; one that sets a body alone answers 500. It may throw another error in place of the one it got, or the same one
 * again to leave it to the next nearest handler.
 */
export type ErrorHandler<E extends Error = Error> = (error: E, ctx: Context) => unknown;

export type ErrorClass<E extends Error = Error> = abstract new (...args: never[]) => E;

/** Which errors are answered by whom. */
export interface ErrorRegistry {
  /**
   * Errors of this class, and of its subclasses that have no nearer handler, are answered by this handler, in place of any that was
   * registered for the same class before. Without a handler it gives the function that registers one.
   * @throws {TypeError} for what is no class of errors, or no function
   */
  handle<E extends Error>(type: ErrorClass<E>, handler: ErrorHandler<E>): void;
  handle<E extends Error>(
    type: ErrorClass<E>,
  ): <H extends ErrorHandler<E>>(handler: H, context?: unknown) => H;
  /** The handler of the nearest class that has one, `passed` left out. */
  find(error: unknown, passed?: ReadonlySet<ErrorHandler>): ErrorHandler | undefined;
}

export function createErrorRegistry(): ErrorRegistry {
  const handlers = new Map<object, ErrorHandler>();
  const register = (type: ErrorClass, handler: unknown) => {
    if (typeof handler !== 'function') {
      throw new TypeError(`the handler of ${type.name} must be a function, got ${typeof handler}`);
    }
    handlers.set(type.prototype as object, handler as ErrorHandler);
    return handler;
  };
  return {
    handle(type: ErrorClass, ...rest: unknown[]) {
      checkClass(type);
      if (rest.length === 0) return (handler: unknown) => register(type, handler);
      return void register(type, rest[0]);
    },
    find(error, passed) {
      if (!(error instanceof Error)) return undefined;
      let type = Object.getPrototypeOf(error) as object | null;
      for (; type !== null; type = Object.getPrototypeOf(type) as object | null) {
        const handler = handlers.get(type);
        if (handler && !passed?.has(handler)) return handler;
      }
      return undefined;
    },
  } as ErrorRegistry;
}

function checkClass(type: unknown): void {
  const isErrorClass =
    typeof type === 'function' &&
    ((type as unknown) === Error || (type.prototype as unknown) instanceof Error);
  if (!isErrorClass) {
    const name =
      typeof type === 'function' ? type.name || 'a function without a name' : JSON.stringify(type);
    throw new TypeError(`expected a class of errors, got ${name}`);
  }
}
