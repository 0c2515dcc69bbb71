import type { Renderer } from '../renderer.ts';
import { detail } from './detail.ts';
import { html } from './html.ts';
import { jsonapi } from './jsonapi.ts';
import { media } from './media.ts';
import { problem } from './problem.ts';
import { status } from './status.ts';
import { text } from './text.ts';

/** Every form of an error, by the name that ERROR_FORMAT knows. Where a client accepts several alike, the first one answers. */
export const RENDERERS = {
  problem,
  jsonapi,
  detail,
  status,
  media,
  html,
  text,
} as const satisfies Readonly<Record<string, Renderer>>;

export type ErrorFormat = keyof typeof RENDERERS;

export const ERROR_FORMATS = Object.keys(RENDERERS) as readonly ErrorFormat[];
