/**
 * JSON text as Python's `json.dumps` writes it by default: `", "` and `": "` between things, everything beyond ASCII escaped.
 * @param numberText how numbers are written: all scores are floats, though JavaScript cannot tell 14 from 14.0
 * @throws {RangeError} when the value is nested more than 500 deep (or contains itself)
 */
export function toPythonJson(
  value: unknown,
  numberText: (value: number) => string = numberLike,
  depth = 0,
): string {
  if (depth > MAX_DEPTH) throw new RangeError(`nested more than ${MAX_DEPTH} deep`);
  const write = (item: unknown): string => toPythonJson(item, numberText, depth + 1);
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return asciiJson(value);
  const members = Object.entries(value).map(([key, item]) => `${asciiJson(key)}: ${write(item)}`);
  return `{${members.join(', ')}}`;
}

/** A number as Python's `repr` writes a float: `14.0`, `1e+16`, `1.5e-05`. */
export function pythonFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const [digits, power] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function numberLike(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : pythonFloat(value);
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const MAX_DEPTH = 500;
