import { Chalk, type ChalkInstance } from 'chalk';
import type { Verdict } from '../scenario/result.ts';

export type Paint = ChalkInstance;

/** Colours, or none. The level is always said, so that no environment is asked. */
export function createPaint(colour: boolean): Paint {
  return new Chalk({ level: colour ? 1 : 0 });
}

/** The colour of a verdict. Colour only repeats what a mark or a word has said. */
export function paintVerdict(paint: Paint, verdict: Verdict, text: string): string {
  return paint[COLOURS[verdict]](text);
}

const COLOURS = {
  passed: 'green',
  failed: 'red',
  broken: 'magenta',
  inconclusive: 'yellow',
  skipped: 'dim',
} as const satisfies Record<Verdict, string>;
