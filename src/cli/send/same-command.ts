import type { Asked } from './told.ts';

/** The command that asks for the same once more. */
export function sameCommand(asked: Asked): string {
  const { method, path, as, headers = {}, json, contract, faults = [], presets = [] } = asked;
  if (asked.entry !== undefined) return `brownout replay ${asked.entry}`;
  const words = [
    ...(path === undefined ? [] : [...(method === undefined ? [] : [method]), path]),
    ...faults.flatMap((fault) => ['--fault', fault]),
    ...presets.flatMap((preset) => ['--preset', preset]),
    ...(as === undefined ? [] : ['--as', as]),
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(json === undefined ? [] : ['--json', JSON.stringify(json)]),
    ...(contract === undefined ? [] : ['--contract', contract]),
  ];
  return ['brownout send', ...words.map(word)].join(' ');
}

/** What a shell takes for nothing of its own is left as it is. */
export function word(text: string): string {
  return /^[\w/.:=%@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
