import { defineFault } from '../fault.ts';
import { operations as operationsOf } from '../http-parameter.ts';
import { patched } from '../json-patch.ts';

export const jsonPatch = defineFault({
  name: 'json-patch',
  summary: 'the real JSON, edited by a JSON Patch (RFC 6902)',
  main: 'operations',
  parameters: { operations: operationsOf('what is done to the body: all of it, or nothing', {}) },
  example: { operations: [{ op: 'remove', path: '/0/score' }] },
  phase: 'body',
  onExchange(exchange, { operations }) {
    exchange.editBody((body) => {
      try {
        const text = new TextDecoder().decode(body);
        const edited = JSON.stringify(patched(JSON.parse(text), operations));
        return edited === JSON.stringify(JSON.parse(text)) ? undefined : Buffer.from(edited);
      } catch {
        // No JSON, or none that these operations were meant for.
        return undefined;
      }
    });
  },
});
