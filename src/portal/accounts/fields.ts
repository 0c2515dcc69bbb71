import { z } from 'zod';
import { text } from '../http/fields.ts';

/** Who wants to be a player. What else is sent is not looked at: Varcade's clients may send more. */
export const registration = z.object({
  username: text(1, 50).refine((name) => /^[\p{L}\p{M}\p{N}_.@+-]*$/u.test(name), {
    error: 'may have letters, digits and _ . @ + - only',
  }),
  email: z
    .email({ error: 'expected an email address such as ada@example.test' })
    .max(254, { error: 'expected at most 254 characters' }),
  password: text(8, 256),
});

export const credentials = z.object({
  email: text(0, 254),
  password: text(0, 256),
});

export const refreshing = z.object({ refresh: text(0, 4096) });
