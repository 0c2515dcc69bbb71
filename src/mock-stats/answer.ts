import { STATUS_CODES } from 'node:http';

/** A whole response, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** An answer as the original's framework labels nearly all of them, JSON included: `text/html; charset=utf-8`. */
export function htmlAnswer(status: number, body: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': HTML, ...headers }, body };
}

/** The page for an error that no handler of the service words itself. */
export function errorPage(status: keyof typeof PAGES, headers: Answer['headers'] = {}): Answer {
  const title = STATUS_CODES[status];
  const lines = [
    '<!doctype html>',
    '<html lang="en">',
    `<title>${status} ${title}</title>`,
    `<h1>${title}</h1>`,
    `<p>${PAGES[status]}</p>`,
  ];
  return htmlAnswer(status, `${lines.join('\n')}\n`, headers);
}

const HTML = 'text/html; charset=utf-8';

// The 404 and the 500 page are as long as the original's (207 and 265 bytes), for faults that count bytes.
const PAGES = {
  404: 'The mock stats service has no such page. It has leaderboards and player stats; its data file says what is known to it.',
  405: 'This page can be read, and nothing else: the header Allow names the methods that do it.',
  500: 'The mock stats service met a defect of its own and could not answer this request. Nothing that you sent should have brought it here: please report this.',
} as const;
