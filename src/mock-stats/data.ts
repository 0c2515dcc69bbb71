import { z } from 'zod';
import { readYaml, validateFile } from '../common/yaml-file.ts';
import { answersSchema } from './answers.ts';

const count = z.string().regex(/^\d{1,15}$/, 'expected a count in quotes, such as "17"');

const product = z.strictObject({
  scores: z.record(z.string(), z.number()).optional(),
  stats: z.record(z.string(), z.record(z.string(), count)).optional(),
});

/** What the mock stats service knows: the format of its data file, and of `createMockStats({ data })`. */
export const statsDataSchema = z.strictObject({
  stats: z.string().optional(),
  board_rows: z.int().min(0, 'expected 0 or more rows').optional(),
  products: z.record(z.string(), product).optional(),
  answers: answersSchema.optional(),
});

/**
 * `stats` names the data; `board_rows` is the length of a board (11, as the original's inclusive range gives, unless told
 * otherwise); `products` hold scores by user and counts, written as strings, by user; `answers` are fixed answers by route.
 */
export type StatsData = z.infer<typeof statsDataSchema>;

/**
 * Reads a data file (YAML or JSON); its key `stats`, which names it, tells it from the other kinds of file.
 * @throws {FileError} with the position of each problem
 */
export function loadStatsData(file: string): StatsData {
  return validateFile(statsDataSchema.extend({ stats: z.string() }), readYaml(file));
}
