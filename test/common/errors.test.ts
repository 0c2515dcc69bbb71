import { expect } from 'chai';
import { BrownoutError, FileError, InvalidError, messageOf } from '../../src/common/errors.ts';

describe('an error of ours', () => {
  it('has a code, a message and its cause', () => {
    const cause = new Error('below');
    const error = new BrownoutError('port_taken', 'the port is taken', { cause });
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ code: 'port_taken', message: 'the port is taken', cause });
    expect(error.name).to.equal('BrownoutError');
  });

  it('about a value says each problem behind the path to it', () => {
    const problems = [
      { path: ['faults', 0, 'code'], message: 'expected a status' },
      { path: [], message: 'is empty' },
    ];
    const error = new InvalidError(problems);
    expect(error).to.be.instanceOf(BrownoutError).with.property('code', 'invalid');
    expect(error.message).to.equal('faults.0.code: expected a status\nis empty');
    expect(error.problems).to.deep.equal(problems);
  });

  it('about a file says each problem behind its position', () => {
    const problems = [
      { file: 'a.yaml', line: 14, column: 9, message: 'unknown key' },
      { file: 'b.yaml', line: 1, column: 1, message: 'is empty' },
    ];
    const error = new FileError(problems);
    expect(error).to.be.instanceOf(BrownoutError).with.property('code', 'invalid_file');
    expect(error.message).to.equal('a.yaml:14:9: unknown key\nb.yaml:1:1: is empty');
    expect(error.problems).to.deep.equal(problems);
  });
});

describe('the message of what was thrown', () => {
  it('is that of an error', () => {
    expect(messageOf(new TypeError('no'))).to.equal('no');
  });

  it('is the thing itself where no error was thrown', () => {
    expect(messageOf('no')).to.equal('no');
    expect(messageOf(undefined)).to.equal('undefined');
  });
});
