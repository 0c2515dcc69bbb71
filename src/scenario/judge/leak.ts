import type { Finding } from '../expectation.ts';
import type { Answer } from '../requests/request.ts';

/** Texts that must not stand in an answer and do, each with what surrounds it. */
export function leaks(never: readonly string[], { body, json }: Answer): Finding[] {
  // As text and as JSON: an encoder that writes "http:\/\/" would hide an address from the first.
  const forms = json === undefined ? [body] : [body, JSON.stringify(json)];
  return never.flatMap((text) => {
    const form = forms.find((one) => one.includes(text));
    if (form === undefined) return [];
    return [
      { pointer: 'body', expected: `nowhere ${JSON.stringify(text)}`, got: around(form, text) },
    ];
  });
}

function around(body: string, text: string): string {
  const at = body.indexOf(text);
  return `…${body.slice(Math.max(0, at - 20), at + text.length + 20)}…`;
}
