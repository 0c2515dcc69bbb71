import type { Plug } from './plug.ts';

/**
 * For a service that writes `userId` where the portal writes `user_id`: renames the keys of objects, however deep, of JSON bodies both ways. Keys that are no plain names (`Wins`, `_id`, `user-13`, `score_1`) stay as they are, so
 * that what goes out comes back the same.
 */
export const keyCase: Plug = {
  name: 'key-case',
  before: 'json',
  plugIn: () => ({
    request(outgoing) {
      outgoing.body = rename(outgoing.body, toCamel);
    },
    response(reply) {
      if (!Buffer.isBuffer(reply.body)) reply.body = rename(reply.body, toSnake);
    },
  }),
};

export function toCamel(key: string): string {
  return SNAKE.test(key) ? key.replace(/_([a-z])/g, (_, letter: string) => upper(letter)) : key;
}

export function toSnake(key: string): string {
  return CAMEL.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
}

function rename(value: unknown, to: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, to));
  if (typeof value !== 'object' || value === null) return value;
  // Not by assignment: a key `__proto__` would be no key then.
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [to(key), rename(v, to)]));
}

function upper(letter: string): string {
  return letter.toUpperCase();
}

const SNAKE = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)+$/;
const CAMEL = /^[a-z][a-z0-9]*([A-Z][a-z0-9]*)+$/;
