/** A workflow command of GitHub Actions that annotates a line of a file, as its runner reads it from stdout. */
export function annotation(level: 'error' | 'warning', place: Place, message: string): string {
  const said = Object.entries(place)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${level} ${said.join(',')}::${escapeMessage(message)}\n`;
}

export interface Place {
  /** From the root of the repository, with `/`. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly col?: number | undefined;
  readonly title: string;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
