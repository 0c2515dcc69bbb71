import { z } from 'zod';
import { parsedBy, validate } from '../common/validate.ts';

const id = z.string().min(1, 'expected an id, got an empty string');
const common = { product_id: id, game_id: id.optional() };

const gameOver = z.strictObject({
  ...common,
  type: z.literal('game_over'),
  winner_id: id,
  loser_id: id,
});

const gameEvent = z.strictObject({
  ...common,
  type: z.literal('game_event').optional(),
  event_name: z.literal('select_weapon'),
  event_data: z.enum(['0', '1', '2', 'null']),
  user_id: id,
});

/** What the original reads from its event stream: the end of a game, or a weapon chosen in one. */
export type StatsEvent = z.infer<typeof gameOver> | z.infer<typeof gameEvent>;

/**
 * Reads one event or a list of them.
 * @throws {InvalidError} with the path of each problem; then none of them may be recorded
 */
export function parseEvents(value: unknown): StatsEvent[] {
  return Array.isArray(value)
    ? validate(z.array(parsedBy(parseEvent)), value)
    : [validate(parsedBy(parseEvent), value)];
}

/** A union of both schemas would say "invalid input"; the keys tell which of them was meant. */
function parseEvent(value: unknown): StatsEvent {
  const given = typeof value === 'object' && value !== null ? value : {};
  const inGame =
    'event_name' in given || ('type' in given && given.type === 'game_event') || 'user_id' in given;
  return inGame ? validate(gameEvent, value) : validate(gameOver, value);
}
