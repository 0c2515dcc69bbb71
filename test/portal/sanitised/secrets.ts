/** What stands where only the portal may see it: in upstream answers, errors of databases, errors that nobody expected. */
export const PLANTED = [
  'db password=hunter2 on 10.1.2.3:443',
  'select secret_column from "accounts" where id = $1',
  'TypeError: Cannot read properties of undefined',
  '    at Object.leak (/srv/secret-path/portal.ts:12:34)',
].join('\n');

/** On one line, as a header carries it. */
export const PLANTED_HEADER = PLANTED.replaceAll('\n', ' ');

/** What the portal is configured with, or is sent, and must keep to itself: in answers, and in the log. */
export const CREDENTIALS = {
  jwt: 'jwt-secret-hunter2-of-this-portal',
  operator: 'operator-token-hunter2-of-this-portal',
  key: 'stats-key-hunter2-first',
  otherKey: 'stats-key-hunter2-second',
  password: 'hunter2-the-password',
};

/** No error body, no header and no answer of the monitoring routes may hold any of these. */
export const FORBIDDEN: readonly RegExp[] = [
  /hunter2/i,
  /10\.1\.2\.3/,
  /127\.0\.0\.1|localhost:\d|::1\b/,
  /secret[-_]/i,
  /\bselect\b.*\bfrom\b|\binsert into\b|\bsqlite|\bpostgres|\bpg_|\bkysely/i,
  /\bat .+:\d+:\d+|node_modules|node:internal|\.[jt]s:\d+/,
  /\/(srv|tmp|home|usr|var)\//,
  /\bE(CONN|NOTFOUND|PIPE|PROTO|HOST|NET|TIMEDOUT|ACCES)\w*|\bHPE_|\bERR_/,
  // The names of classes: a title has a blank where they have none.
  /\b[A-Z][A-Za-z]*(Error|Exception|Failure)\b/,
];

export function leaksIn(text: string): readonly string[] {
  return FORBIDDEN.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}
