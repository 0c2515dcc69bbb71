/** A value as JSON has it, cut where it is long. */
export function show(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  const text = typeof value === 'number' ? String(value) : (json ?? typeof value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 100;
