import { isDeepStrictEqual } from 'node:util';
import { defineFault } from '../fault.ts';
import { headerNames, headers as headerValues } from '../http-parameter.ts';
import { size } from '../parameter.ts';
import { headersOf, withField, withoutFields, type WireHead } from '../wire-head.ts';

export const headers = defineFault({
  name: 'headers',
  summary: 'headers set, missing, sent twice, or one that is far too long',
  main: 'set',
  parameters: {
    set: headerValues('headers to set', { optional: true }),
    remove: headerNames('headers to leave out', { optional: true }),
    repeat: headerNames('headers to send twice', { optional: true }),
    bloat: size('the size of a header to add, up to 16MB', { min: 16, optional: true }),
  },
  example: { set: { 'cache-control': 'no-store' } },
  phase: 'headers',
  check({ set = {}, remove = [], repeat = [], bloat }) {
    if (bloat !== undefined && bloat > LONGEST) return 'headers bloat: expected at most 16MB';
    const named = [...Object.keys(set), ...remove, ...repeat];
    if (named.length > 0 || bloat !== undefined) return undefined;
    return 'headers needs one of set, remove, repeat and bloat';
  },
  onExchange(exchange, { set = {}, remove = [], repeat = [], bloat }) {
    exchange.editHead((head) => {
      const kept = withoutFields(head, remove);
      const put = Object.entries(set).reduce(withValue, kept);
      const twice = repeat.reduce(repeated, put);
      const edited = bloat === undefined ? twice : withField(twice, BLOAT, filled(bloat));
      return isDeepStrictEqual(edited, head) ? head : edited;
    });
  },
});

function withValue(head: WireHead, [name, value]: [string, string]): WireHead {
  return headersOf(head.fields)[name.toLowerCase()] === value ? head : withField(head, name, value);
}

function repeated(head: WireHead, name: string): WireHead {
  const others = new Set(withoutFields(head, [name]).fields);
  const fields = head.fields.flatMap((field) => (others.has(field) ? [field] : [field, field]));
  return { ...head, fields };
}

/** With the name, the colon, the space and the line's end it has `size` bytes. */
function filled(size: number): string {
  return 'a'.repeat(size - `${BLOAT}: \r\n`.length);
}

const BLOAT = 'x-bloat';
const LONGEST = 16 * 1024 ** 2;
