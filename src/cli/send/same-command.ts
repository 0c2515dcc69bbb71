import { quoted } from '../../scenario/requests/request.ts';
import type { Asked } from './told.ts';

/** What was said of where it is sent. */
export interface Where {
  readonly system?: string | undefined;
  readonly control?: string | undefined;
}

/** The command that asks for the same once more, where it was sent. */
export function sameCommand(asked: Asked, where: Where): string {
  const { method, path, as, headers = {}, json, contract, faults = [], presets = [] } = asked;
  const there = Object.entries(where).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  if (asked.entry !== undefined)
    return ['brownout replay', String(asked.entry), ...there.map(quoted)].join(' ');
  const words = [
    ...(path === undefined ? [] : [...(method === undefined ? [] : [method]), path]),
    ...faults.flatMap((fault) => ['--fault', fault]),
    ...presets.flatMap((preset) => ['--preset', preset]),
    ...(as === undefined ? [] : ['--as', as]),
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(json === undefined ? [] : ['--data', JSON.stringify(json)]),
    ...(contract === undefined ? [] : ['--contract', contract]),
    ...there,
  ];
  return ['brownout send', ...words.map(quoted)].join(' ');
}
