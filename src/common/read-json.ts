/** What a text is as JSON; without, `problem` may say why. */
export type ReadJson = { readonly json: unknown } | { readonly problem: string | undefined };

/** Everything that goes through a value does so by its own stack: what would exhaust that is refused here, once. */
export function readJson(text: string): ReadJson {
  if (isDeep(text)) return { problem: `JSON that is nested more than ${MOST_DEPTH} deep` };
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { problem: undefined };
  }
}

function isDeep(text: string): boolean {
  if (text.length <= 2 * MOST_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = text.indexOf('"', at + 1);
      while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
      if (at < 0) return false;
    } else if (code === BRACKET || code === BRACE) {
      if (++depth > MOST_DEPTH) return true;
    } else if (code === BRACKET + 2 || code === BRACE + 2) depth--;
  }
  return false;
}

function isEscaped(text: string, at: number): boolean {
  let slash = at;
  while (text[slash - 1] === '\\') slash--;
  return (at - slash) % 2 === 1;
}

const [QUOTE, BRACKET, BRACE] = ['"', '[', '{'].map((one) => one.charCodeAt(0)) as [
  number,
  number,
  number,
];
const MOST_DEPTH = 1000;
