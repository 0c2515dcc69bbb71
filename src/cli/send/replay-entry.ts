import { BrownoutError } from '../../common/errors.ts';
import { Exit, type Io } from '../io.ts';
import { sendByControl } from './by-control.ts';
import type { ReplayFlags } from './run-replay.ts';
import { answerText, verdictText } from './show.ts';

/** Sends the request again that an exchange of the journal was made for, with what was broken for it. */
export async function replayEntry(entry: number, flags: ReplayFlags, io: Io): Promise<void> {
  let exit = 0;
  const again = { entry };
  const sent = await sendByControl(
    again,
    { ...flags, startsNothing: true },
    (told) => {
      if (told.type === 'verdict') ({ exit } = told);
      io.stdout.write(
        told.type === 'answer'
          ? answerText(told, io.stdout)
          : verdictText(told, again, { control: flags.control }, io.stdout),
      );
    },
    io,
  );
  if (!sent) {
    const message = `the exchange ${entry} is in the journal of what "brownout up" runs: nothing of that kind runs there`;
    throw new BrownoutError('usage', message);
  }
  if (exit !== 0) throw new Exit(exit);
}
