import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { BrownoutError, messageOf } from '../../common/errors.ts';
import type { Asked, ToldAnswer, ToldVerdict } from './told.ts';

/**
 * Writes what was sent as a scenario that repeats it, and expects what was seen, or what the contract says of it.
 * @throws {BrownoutError} `cannot_write`; a file that is there already is left as it is
 */
export function saveScenario(
  file: string,
  asked: Asked,
  answer: ToldAnswer,
  verdict: ToldVerdict,
): void {
  const { saved } = verdict;
  if (!/\.ya?ml$/.test(file))
    throw new BrownoutError('usage', `--save: expected a file such as ${file}.yaml`);
  if (existsSync(file))
    throw new BrownoutError('cannot_write', `--save: ${file} is there already: name another`);
  const from = (path: string) => {
    const way = relative(dirname(resolve(file)), path);
    return way.startsWith('.') ? way : `./${way}`;
  };
  const { method, path, faults } = answer;
  const what = faults.length > 0 ? ` with ${faults.join(' + ')}` : '';
  const uses = [saved.systemFile, ...(saved.ofContract ? [saved.contractFile ?? ''] : [])];
  const scenario = {
    scenario: `${method} ${path}${what}`,
    id: idOf(file),
    use: uses.map(from),
    ...(saved.faults.length > 0 ? { faults: saved.faults } : {}),
    ...(saved.ofContract ? ofContract(saved) : ofItsOwn(asked, answer, verdict)),
  };
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stringify(scenario, { lineWidth: 120 }), { flag: 'wx' });
  } catch (error) {
    const message = `--save: ${file} cannot be written: ${messageOf(error)}`;
    throw new BrownoutError('cannot_write', message, { cause: error });
  }
}

/** The contract says what must hold; which calls are broken is as it was seen. */
function ofContract({ degraded, faults }: ToldVerdict['saved']): object {
  return degraded === 'exact' || faults.length === 0 ? {} : { expect: { degraded } };
}

function ofItsOwn(asked: Asked, answer: ToldAnswer, verdict: ToldVerdict): object {
  const { method, path, as } = answer;
  const headers = asked.headers ?? {};
  const request = {
    [method.toLowerCase()]: path,
    ...(as === null ? {} : { as }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(asked.json === undefined ? {} : { json: asked.json }),
  };
  return {
    ...(verdict.saved.onConnections ? { setup: [request] } : {}),
    steps: [{ ...request, expect: expectOf(answer, verdict) }],
  };
}

/** What failed is expected to be well; else what was seen. */
function expectOf({ status }: ToldAnswer, { verdict, findings, healthy }: ToldVerdict): object {
  if (verdict !== 'failed') return { status: status ?? healthy?.status ?? 200 };
  const wrong = findings.find(({ pointer }) => pointer === 'status')?.expected;
  const body = findings
    .filter(({ pointer }) => pointer.startsWith('/'))
    .map(({ pointer, expected }) => [
      pointer,
      expected === undefined ? { absent: true } : { equals: expected },
    ]);
  return {
    status: typeof wrong === 'number' ? wrong : (healthy?.status ?? 200),
    ...(body.length > 0 ? { body: Object.fromEntries(body) as object } : {}),
  };
}

/** `broken-board.yaml` is `broken-board`. */
function idOf(file: string): string {
  const name = basename(file)
    .replace(/\.ya?ml$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name === '' ? 'sent' : name;
}
