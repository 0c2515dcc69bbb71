import type { YAMLParseError } from 'yaml';
import type { Pitfall } from './yaml-pitfalls.ts';

/**
 * What is wrong with a text that the parser refuses: the first error alone. It goes on, and stumbles over what follows from
 * that one.
 */
export function yamlMistakes(errors: readonly YAMLParseError[], text: string): Pitfall[] {
  return errors.slice(0, 1).map((error) => plain(error, text));
}

function plain({ code, message, pos }: YAMLParseError, text: string): Pitfall {
  const [offset] = pos;
  const rest = lineFrom(text, offset);
  const closing = /end with a (\S)$/.exec(message)?.[1];
  if (closing !== undefined) return { offset, message: `a ${closing} is missing before this` };
  const quote = /^Missing closing (['"])/.exec(message)?.[1];
  if (quote !== undefined) {
    const opened = text.lastIndexOf(quote, offset);
    return { offset: opened, message: `the text that begins with this ${quote} has no end` };
  }
  if (text[offset - 1] === '$' && rest.startsWith('{'))
    return { offset: offset - 1, message: 'in [ ] and { }, a text with ${…} needs quotes' };
  const indented = { offset: offset + rest.search(/\S|$/), message: INDENTED };
  const known: Partial<Record<YAMLParseError['code'], Pitfall>> = {
    TAB_AS_INDENT: { offset, message: 'a tab cannot indent: use spaces' },
    BAD_INDENT: indented,
    MULTILINE_IMPLICIT_KEY: { offset, message: NO_COLON },
    BAD_ALIAS: { offset, message: `a text that starts with ${rest[0]} needs quotes` },
    BAD_SCALAR_START: { offset, message: `a text that starts with ${rest[0]} needs quotes` },
    MULTIPLE_DOCS: { offset, message: 'what comes after --- goes into a file of its own' },
    BLOCK_AS_IMPLICIT_KEY: startsLine(text, offset)
      ? indented
      : { offset, message: 'a text with a colon and a space in it needs quotes' },
    UNEXPECTED_TOKEN: startsLine(text, offset)
      ? indented
      : {
          offset,
          message: `nothing that ${rest[0]} could belong to: is a quote, a comma or a bracket missing before it?`,
        },
  };
  // Other codes stand for one mistake each, and their words say it.
  const other = message.startsWith('Implicit map keys') ? NO_COLON : message;
  return known[code] ?? { offset, message: other };
}

function lineFrom(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end < 0 ? undefined : end);
}

function startsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

const INDENTED = 'this line is indented otherwise than those that it belongs to';
const NO_COLON = 'expected "key: value": there is no colon, or no space after it';
