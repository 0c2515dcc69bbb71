import { z } from 'zod';
import { text } from '../http/fields.ts';

/** Who wants to be a player. What else is sent is not looked at: Varcade's clients may send more. */
export const registration = z.object({
  username: text({ min: 1, max: 50 }).refine((name) => /^[\p{L}\p{M}\p{N}_.@+-]*$/u.test(name), {
    error: 'may have letters, digits and _ . @ + - only',
  }),
  email: z
    .email({ error: 'expected an email address such as ada@example.test' })
    .max(254, { error: 'expected at most 254 characters' }),
  password: text({ min: 8, max: 256, secret: true }),
});

export const credentials = z.object({
  email: text({ min: 0, max: 254 }),
  password: text({ min: 0, max: 256, secret: true }),
});

export const refreshing = z.object({ refresh: text({ min: 0, max: 4096, secret: true }) });
