/** The headings under which `brownout --help` puts the commands. */
export const JUDGE = 'Judge a service:';
export const BREAK = 'Break things by hand:';
export const EXPLAIN = 'Look things up:';
export const SAMPLE = 'The sample to try it on:';

/** In the order of the help. */
export const GROUPS: readonly string[] = [JUDGE, BREAK, EXPLAIN, SAMPLE];
