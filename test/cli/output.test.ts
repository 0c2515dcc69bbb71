import { expect } from 'chai';
import { Writable } from 'node:stream';
import { openOutput } from '../../src/cli/output.ts';

/** A stream whose writes fail from some time on, and that says what it was asked to write. */
function fails(code: string, from: number) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      const error = Object.assign(new Error(`${code}: no`), { code });
      done(written.length > from ? error : null);
    },
  });
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('an output', () => {
  it('is closed where nobody reads it any more, which is no failure', async () => {
    const { written, stream } = fails('EPIPE', 1);
    const output = openOutput(stream, []);
    for (const text of ['one', 'two', 'three']) {
      output.write(text);
      await soon();
    }
    expect(written).to.deep.equal(['one', 'two']);
    expect(output.closed.aborted).to.equal(true);
    expect(output.failure()).to.equal(undefined);
  });

  it('says why it could not be written to, by what came first', async () => {
    const { written, stream } = fails('ENOSPC', 0);
    const output = openOutput(stream, []);
    output.write('one');
    output.write('two');
    await soon();
    output.write('three');
    stream.emit('error', new Error('later'));
    expect(written).to.deep.equal(['one']);
    expect(output.failure()?.message).to.equal('ENOSPC: no');
  });

  it('has the size that its terminal has now, and one for a terminal that says it has none', () => {
    const stream = Object.assign(fails('', 9).stream, { columns: 0, rows: 0 });
    const output = openOutput(stream, []);
    expect([output.width, output.rows]).to.deep.equal([80, 24]);
    Object.assign(stream, { columns: 120, rows: 50 });
    expect([output.width, output.rows]).to.deep.equal([120, 50]);
  });

  it('has colour where a flag asks for it, and none where a flag does not', () => {
    const { stream } = fails('', 9);
    expect(openOutput(stream, ['--color']).colour).to.equal(true);
    expect(openOutput(stream, ['--no-color', '--color']).colour).to.equal(false);
  });
});
