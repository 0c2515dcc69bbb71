import { BrownoutError, FileError, messageOf } from '../../common/errors.ts';
import type { Io } from '../io.ts';
import type { Wanted } from './config.ts';
import type { Change, Standing } from './standing.ts';
import { watchFile } from './watch-file.ts';

/**
 * Reads a file again whenever it changes. What is valid is made so, and told in a line; what is not changes nothing, and its
 * problems are told.
 */
export function reloadOnChange(
  file: string,
  since: string | undefined,
  read: () => Wanted,
  standing: Standing,
  { stdout, stderr }: Io,
): AsyncDisposable {
  return watchFile(file, since, async () => {
    try {
      stdout.write(`${file}: ${changeLine(await standing.become(read()))}\n`);
    } catch (error) {
      stderr.write(`${refusal(error, file)}\n`);
    }
  });
}

/** What has changed, in one line. */
function changeLine(change: Change): string {
  const { added, removed, reopened, renamed, rulesAdded, rulesLifted } = change;
  const parts = [
    ...added.map(({ name, url }) => `added ${name} at ${url}`),
    ...removed.map((name) => `removed ${name}`),
    ...reopened.map(({ name, url }) => `opened ${name} anew at ${url}`),
    ...renamed.map((name) => `named the calls of ${name} anew`),
    ...change.proxiesPut.map(({ name }) => `set the proxy ${name}`),
    ...change.proxiesRemoved.map((name) => `removed the proxy ${name}`),
    ...counted('added', rulesAdded),
    ...counted('lifted', rulesLifted),
  ];
  return parts.length > 0 ? parts.join(', ') : 'read again, nothing has changed';
}

function counted(what: string, rules: readonly { readonly id: string }[]): string[] {
  if (rules.length === 0) return [];
  const ids = rules.map(({ id }) => id).join(', ');
  return [`${what} ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} (${ids})`];
}

function refusal(error: unknown, file: string): string {
  const stays = 'nothing was changed, and the file will be read again when it changes';
  // Each of its lines begins with the file's name already.
  if (error instanceof FileError) return `${error.message}\n${stays}`;
  if (!(error instanceof BrownoutError)) return `${file}: ${messageOf(error)}\n${stays}`;
  return error.code === 'not_put_back'
    ? `${file}: ${error.message}`
    : `${file}: ${error.message}\n${stays}`;
}
