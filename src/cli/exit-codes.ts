/** What each exit code means, for `--help` and the README. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'passed: all that was expected held, and every planned fault fired',
  1: 'failed: something expected, or the recovery, did not hold or came too late, or the service died',
  2: 'the command line is wrong',
  3: 'a file is invalid',
  4: 'broken: the service did not start, or was not well before any fault',
  5: 'inconclusive: a planned fault never fired, or nothing was tested',
  7: 'brownout could not do its own work: a port taken, a report not written, a service not ended',
  130: 'interrupted; everything was put back first',
};

export const USAGE = 2;
export const INVALID_FILE = 3;
export const BROKEN = 4;
export const NOTHING_TESTED = 5;
export const OWN_FAULT = 7;
export const INTERRUPTED = 130;
