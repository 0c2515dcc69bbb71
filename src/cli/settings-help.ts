/** One thing that a program can be told by an environment variable. */
export interface Setting {
  /** What stands for an absent variable; empty where nothing does. */
  readonly fallback: string;
  /** A phrase. */
  readonly about: string;
}

/** The environment variables of a program, a paragraph each, in lines of at most `width` columns. */
export function settingsHelp(settings: Readonly<Record<string, Setting>>, width: number): string {
  const names = Object.keys(settings);
  const margin = Math.max(...names.map((name) => name.length)) + 4;
  const paragraphs = Object.entries(settings).map(([name, { about, fallback }]) => {
    const text = fallback === '' ? about : `${about} (${fallback})`;
    const [first = '', ...rest] = wrapped(text, width - margin);
    const lines = [
      `  ${name}`.padEnd(margin) + first,
      ...rest.map((line) => ' '.repeat(margin) + line),
    ];
    return lines.join('\n');
  });
  return ['', 'Environment:', ...paragraphs].join('\n');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
