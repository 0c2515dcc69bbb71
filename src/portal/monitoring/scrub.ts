import { createHider, HIDDEN } from '../secrets.ts';

/** Takes the secrets out of a text, and cuts it where it is long. */
export type Scrub = (text: string) => string;

/** @param secrets to be taken out wherever they stand; others are known by how they look */
export function createScrubber(secrets: readonly string[]): Scrub {
  const hide = createHider(secrets);
  return (given) => {
    // Twice: a secret that the first cut went through is dropped by the second.
    let text = hide(given.length > LONGEST ? given.slice(0, 2 * LONGEST) : given);
    if (SUSPICIOUS.test(text)) {
      for (const [pattern, replacement] of PATTERNS) text = text.replace(pattern, replacement);
    }
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  };
}

/** Whether what goes under this name is nobody's business. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Writes what could make a terminal do things as JSON escapes; JSON itself leaves these as they are. */
export function escapeUnprintable(line: string): string {
  return UNPRINTABLE.test(line) ? line.replace(EVERY_UNPRINTABLE, escape) : line;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const LONGEST = 8192;

/** Most texts hold nothing of the kind: one look tells. */
const SUSPICIOUS = /pass|pwd|secret|token|key|auth|cookie|bearer|basic|eyJ|credential|session|@/i;

/** Also as the end of a longer name: `access_token`, `x-api-key`, `clientSecret`, `PGPASSWORD`. */
const NAME = String.raw`(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|(?:api|access|private|secret|signing)[-_]?keys?|credentials?|session[-_]?id|signature)`;
const HEADER = String.raw`(?:authorization|cookie)`;
const SECRET_NAME = new RegExp(`(?:${NAME}|${HEADER})$`, 'i');

// With the backslashes that a quote has inside of JSON inside of JSON.
const QUOTE = String.raw`\\*["']`;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // A token by itself: three parts, of which the first is an object.
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, HIDDEN],
  // `Bearer x`
  [/\b(bearer|basic|digest|apikey)( +|%20)(?!\[)[\w.~+/=:-]{3,}/gi, `$1$2${HIDDEN}`],
  // `scheme://user:password@host`
  [/([a-z][a-z\d+.-]*:\/\/)[^\s/?#"']*@/gi, `$1${HIDDEN}@`],
  // `"password": "x"`, to its end or to that of the text
  [
    new RegExp(
      String.raw`((?:${NAME}|${HEADER})(${QUOTE})\s*:\s*\2)[^]*?(?:(?<!\\)(?=\2)|$)`,
      'gi',
    ),
    `$1${HIDDEN}`,
  ],
  // `Authorization: x y`, to the end of the line
  [new RegExp(String.raw`(${HEADER}\s*[:=]\s*)[^\r\n"']+`, 'gi'), `$1${HIDDEN}`],
  // `password=x`, `password: x`, `password='x y'`, `?access_token=x`, `"pin_token":12`
  [
    new RegExp(
      String.raw`(${NAME}(?:${QUOTE})?\s*(?:=|:|%3d)\s*)(?!${QUOTE}|\[hidden)[^\s"'&]+`,
      'gi',
    ),
    `$1${HIDDEN}`,
  ],
  [new RegExp(String.raw`(${NAME}\s*(?:=|:)\s*(["']))[^]*?(?=\2|$)`, 'gi'), `$1${HIDDEN}`],
  [/([?&](?:key|sig|code)=)[^\s"'&]+/gi, `$1${HIDDEN}`],
];

// DEL, the second set of control characters, and what turns the direction of text.
const UNPRINTABLE = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'g');
