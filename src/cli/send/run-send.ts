import { BrownoutError } from '../../common/errors.ts';
import { Exit, type Io } from '../io.ts';
import { readAsked } from './read-asked.ts';
import { sendByControl } from './by-control.ts';
import { answerText, verdictText } from './show.ts';
import type { Told, ToldAnswer, ToldVerdict } from './told.ts';

export interface SendFlags {
  readonly fault?: readonly string[];
  readonly preset?: readonly string[];
  readonly as?: string;
  readonly header?: readonly string[];
  readonly data?: string;
  readonly contract?: string;
  readonly save?: string;
  readonly system?: string;
  readonly control?: string;
  readonly token?: string;
  readonly reporter?: string;
}

/** Sends one request and shows what came of it, the answer as soon as it is there. */
export async function runSend(words: readonly string[], flags: SendFlags, io: Io): Promise<void> {
  const asJson = readReporter(flags.reporter) === 'json';
  const asked = readAsked(words, flags);
  const where = { system: flags.system, control: flags.control };
  let answer: ToldAnswer | undefined;
  let verdict: ToldVerdict | undefined;
  const tell = (told: Told) => {
    if (told.type === 'answer') answer = told;
    else verdict = told;
    if (asJson) return;
    const text =
      told.type === 'answer'
        ? answerText(told, io.stdout)
        : verdictText(told, asked, where, io.stdout);
    io.stdout.write(text);
  };
  if (!(await sendByControl(asked, flags, tell, io))) {
    const { sendAlone } = await import('./alone.ts');
    await sendAlone(asked, flags.system, tell, io);
  }
  if (!answer || !verdict) throw new BrownoutError('send_ended', 'it ended without a verdict');
  if (asJson) {
    const { type: _, ...told } = answer;
    const { type: __, saved: ___, ...judged } = verdict;
    io.stdout.write(`${JSON.stringify({ version: 1, answer: told, ...judged }, null, 2)}\n`);
  }
  if (flags.save !== undefined) {
    const { saveScenario } = await import('./save.ts');
    saveScenario(flags.save, asked, answer, verdict);
    if (!asJson) io.stdout.write(`saved    ${flags.save}: brownout run ${flags.save}\n`);
  }
  if (verdict.exit !== 0) throw new Exit(verdict.exit);
}

function readReporter(name = 'list'): 'list' | 'json' {
  if (name === 'list' || name === 'json') return name;
  throw new BrownoutError('usage', `--reporter: expected list or json, got "${name}"`);
}
