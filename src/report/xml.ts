import { escapeUnit } from './printable.ts';

/**
 * An element of XML 1.0 with its children, or a text, in it. Attributes that are null are left out. Control characters and
 * whatever else XML cannot hold stand as JSON escapes them (`\u0000`): to drop them would hide what a service has sent.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | null>>,
  children: readonly string[] | string = [],
): string {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value), /[&<>"\t\n\r]/g)}"`)
    .join('');
  if (children.length === 0) return `<${name}${said}/>`;
  const content =
    typeof children === 'string' ? escapeXml(children, /[&<>\r]/g) : `\n${children.join('\n')}\n`;
  return `<${name}${said}>${content}</${name}>`;
}

function escapeXml(text: string, special: RegExp): string {
  return text
    .replace(UNSAFE, escapeUnit)
    .replace(special, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`);
}

const UNSAFE = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
