/** A body in lines: JSON with an indent for each level, save what fits into a line of `width`; anything else as it is. */
export function layOut(body: string, width: number): string[] {
  if (body === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body.split(/\r?\n/);
  }
  return linesOf(value, '', '', width);
}

function linesOf(value: unknown, head: string, indent: string, width: number): string[] {
  const whole = `${indent}${head}${inLine(value)}`;
  if (whole.length < width || !isContainer(value)) return [whole];
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const entries = Object.entries(value);
  const inner = entries.flatMap(([key, part], i) => {
    const name = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    const lines = linesOf(part, name, `${indent}  `, width);
    return i === entries.length - 1 ? lines : [...lines.slice(0, -1), `${lines.at(-1)},`];
  });
  return [`${indent}${head}${open}`, ...inner, `${indent}${close}`];
}

/** With a space after each colon and comma, as people write it. */
function inLine(value: unknown): string {
  if (!isContainer(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  const parts = Object.entries(value).map(
    ([key, part]) => `${JSON.stringify(key)}: ${inLine(part)}`,
  );
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
