import { expect } from 'chai';
import { duration, policyOf, shard, whole } from '../../src/cli/run/flags.ts';
import { reporterSpecs } from '../../src/cli/run/reporter-specs.ts';

describe('the flags of brownout run', () => {
  it('refuse a number or a part that makes no sense, and say what does', () => {
    for (const text of ['5/4', '0/4', '1', '1/x', '-1/2'])
      expect(() => shard(text), text).to.throw('expected such as 2/4: the second of four');
    for (const text of ['0', 'two', '-1', '1.5', ''])
      expect(() => whole(1)(text), text).to.throw('expected a whole number from 1');
    for (const text of ['30', 'soon']) expect(() => duration(text)).to.throw('such as 250ms or 2s');
    for (const text of ['0s', '25h']) expect(() => duration(text)).to.throw('from 1ms to 24h');
  });

  it('are read as they are meant', () => {
    expect(shard('2/4')).to.deep.equal({ index: 2, total: 4 });
    expect([whole(0)('0'), whole(1)('12'), duration('1.5m')]).to.deep.equal([0, 12, 90_000]);
    const all = { faults: true, scripts: true };
    expect(policyOf(all)).to.deep.equal({});
    expect(policyOf({ ...all, bail: true, retries: 2, failOnFlaky: true })).to.deep.equal({
      bail: 1,
      retries: 2,
      failOnFlaky: true,
    });
    expect(policyOf({ ...all, faults: false, bail: 3, timeout: 5 })).to.deep.equal({
      bail: 3,
      timeout: 5,
      noFaults: true,
    });
  });

  it('put the reports that are files into the folder', () => {
    const specs = (reporter: string[], output?: string) =>
      reporterSpecs({ faults: true, scripts: true, reporter, ...(output ? { output } : {}) });
    expect(specs(['junit', 'json=x', 'list'], 'out')).to.deep.equal([
      'junit=out/junit.xml',
      'json=x',
      'list',
    ]);
    expect(specs(['junit:flaky'], 'out')).to.deep.equal(['junit:flaky=out/junit.xml']);
    expect(specs(['junit'])).to.deep.equal(['junit']);
    expect(specs(['jnit'], 'out')).to.deep.equal(['jnit']);
  });
});
