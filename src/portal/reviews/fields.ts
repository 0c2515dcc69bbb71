import { z } from 'zod';
import { text, wholeNumber } from '../http/fields.ts';
import { LARGEST_INTEGER, SMALLEST_INTEGER } from '../storage/tables.ts';

/** What a player says of a game. Other fields are refused: a slip in a name must not go unseen. */
export const reviewContent = z.strictObject({
  rating_out_of_five: wholeNumber(1, 5),
  text: text(1, 2000),
});

export const vote = z.strictObject({
  increase_votes_by: wholeNumber(SMALLEST_INTEGER, LARGEST_INTEGER),
});
