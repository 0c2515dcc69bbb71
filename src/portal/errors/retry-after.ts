/** Milliseconds as a Retry-After says them: whole seconds, 1 at least, and at most what every client can read (RFC 9111). */
export function retryAfterSeconds(ms: number): string {
  return String(Math.min(Math.max(1, Math.ceil(ms / 1000)), 2 ** 31));
}
