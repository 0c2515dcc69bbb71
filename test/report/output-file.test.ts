import { expect } from 'chai';
import { BrownoutError } from '../../src/common/errors.ts';
import { openOutputFile } from '../../src/report/output-file.ts';

describe('the file of a report', () => {
  it('is refused at once where the system says of every folder that it is not there', async () => {
    const error: unknown = await openOutputFile('/proc/nowhere/at/all.json').then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(BrownoutError);
    const { code, message } = error as BrownoutError;
    expect(code).to.equal('report_not_written');
    expect(message).to.include('cannot write the report /proc/nowhere/at/all.json');
  });
});
