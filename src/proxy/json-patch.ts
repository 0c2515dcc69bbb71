import { createRequire } from 'node:module';
import type * as JsonPatch from 'fast-json-patch';
import { valueAt } from '../common/json-pointer.ts';
import type { Operation } from './http-parameter.ts';

/**
 * The document after all operations of a JSON Patch (RFC 6902).
 * @throws {Error} where one of them cannot be applied
 */
export function patched(document: unknown, operations: readonly Operation[]): unknown {
  let here = document;
  for (const operation of operations) {
    for (const step of stepsOf(operation, here)) {
      if (!fits(step, here)) throw new RangeError(`no place for ${step.op} at "${step.path}"`);
      here = library().applyOperation(here, step, true).newDocument;
    }
  }
  return here;
}

/** Loaded with the first patch: few runs make one. */
function library(): typeof JsonPatch {
  return (loaded ??= require('fast-json-patch') as typeof JsonPatch);
}

/** In the RFC's own words a copy is an add, and a move a remove and an add. */
function stepsOf(operation: Operation, document: unknown): Step[] {
  const { op, path } = operation;
  switch (op) {
    case 'remove':
      return [{ op, path }];
    case 'copy':
      return [added(path, valueAt(document, operation.from))];
    case 'move':
      return [
        { op: 'remove', path: operation.from },
        added(path, valueAt(document, operation.from)),
      ];
    case 'add':
      return [added(path, operation.value)];
    case 'replace':
    case 'test':
      return [{ op, path, value: structuredClone(operation.value) }];
  }
}

/** Cloned, for later operations may edit it where it was put. */
function added(path: string, value: unknown): Step {
  return { op: 'add', path, value: structuredClone(value) };
}

/** The library takes what is inherited, such as `toString`, and indexes such as 01 or one behind the end, for places. */
function fits({ op, path }: Step, document: unknown): boolean {
  if (op !== 'add') return valueAt(document, path) !== undefined;
  if (path === '') return true;
  const holder = valueAt(document, path.slice(0, path.lastIndexOf('/')));
  if (Array.isArray(holder)) return /\/(-|0|[1-9]\d*)$/.test(path);
  return typeof holder === 'object' && holder !== null;
}

type Step = JsonPatch.Operation;

const require = createRequire(import.meta.url);
let loaded: typeof JsonPatch | undefined;
