/** How many columns of a terminal `text` takes. */
export function columns(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + columnsOf(grapheme), 0);
}

/** Whether `text` takes at most `room` columns. */
export function fits(text: string, room: number): boolean {
  // No letter takes as many units, and to measure a megabyte takes a second.
  return text.length <= room * 20 && columns(text) <= room;
}

/** `text` in at most `room` columns: where it is longer, `…` stands for its end. */
export function cut(text: string, room: number): string {
  if (fits(text, room)) return text;
  return `${fold(text, Math.max(1, room - 1))[0] ?? ''}…`;
}

/** `text` in at most `room` columns: where it is longer, `…` stands for its middle. */
export function cutMiddle(text: string, room: number): string {
  if (fits(text, room)) return text;
  const half = Math.floor((room - 1) / 2);
  const all = graphemes(text);
  let end = '';
  while (all.length > 0 && columns(all.at(-1) + end) <= half) end = all.pop() + end;
  return cut(`${fold(all.join(''), Math.max(1, room - 1 - columns(end)))[0] ?? ''}…${end}`, room);
}

/** `text` in lines of at most `room` columns, broken anywhere. */
export function fold(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const grapheme of graphemes(text)) {
    const more = columnsOf(grapheme);
    if (taken + more > room && line !== '') {
      lines.push(line);
      line = '';
      taken = 0;
    }
    line += grapheme;
    taken += more;
  }
  return line === '' ? lines : [...lines, line];
}

/** `text` in lines of at most `room` columns, broken at spaces only: a longer word is left whole. */
export function wrap(text: string, room: number): string[] {
  return fill(text.split(' '), ' ', room);
}

/** `words` in lines of at most `room` columns: a longer word has a line of its own, whole. */
export function fill(words: readonly string[], between: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length > 0 ? `${lines.at(-1)}${between}${word}` : word;
    if (lines.length > 0 && fits(longer, room)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** `text` followed by spaces up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

function graphemes(text: string): string[] {
  // Made when it is needed: it takes as long as to read a dozen files, and most reports are of ASCII.
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function columnsOf(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}

let segmenter: Intl.Segmenter | undefined;
const ASCII = /^[ -~]*$/;
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
