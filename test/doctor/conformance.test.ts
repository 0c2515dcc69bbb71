import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { CHECKS } from '../../src/doctor/catalogue.ts';
import { examine } from '../../src/doctor/examine.ts';
import { createMachine } from '../../src/doctor/machine.ts';
import { root } from '../helpers/root.ts';
import { nextPoll, nothingLeft, resources } from '../proxy/rig.ts';

for (const check of CHECKS) {
  describe(`the check ${check.name}`, () => {
    it('says what it proves and what to do where that does not hold', () => {
      expect(check.name).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(check.proves).to.match(/^[a-z].{20,}[^.]$/);
      expect(check.advice).to.match(/^[A-Z].{30,}/);
      const file = new URL(`src/doctor/checks/${check.name}.ts`, root);
      expect(readFileSync(file, 'utf8')).to.include(`name: '${check.name}'`);
    });

    if (check.after !== undefined) {
      it(`comes after ${check.after}, which is there`, () => {
        const names = CHECKS.map(({ name }) => name);
        expect(names.indexOf(check.after as string)).to.be.within(0, names.indexOf(check.name) - 1);
      });
    }
  });
}

for (const check of CHECKS.filter(({ needs }) => needs === 'machine')) {
  describe(`the check ${check.name} on a machine that is well`, () => {
    it('holds, or is not needed, and leaves nothing behind', async () => {
      // Mocha starts its own timer when a test has given its promise.
      await nextPoll();
      const before = resources();
      const { signal } = new AbortController();
      const [found] = await examine([check], { machine: createMachine(signal), on() {}, signal });
      expect(found?.verdict, found?.seen).to.be.oneOf(['holds', 'not needed']);
      expect(found?.seen).to.match(/\d/);
      await nothingLeft(before);
    });

    it('ends at once when it is interrupted, and leaves nothing behind', async () => {
      // Mocha starts its own timer when a test has given its promise.
      await nextPoll();
      const before = resources();
      const stop = new AbortController();
      const reason = new Error('interrupted');
      const examined = examine([check], {
        machine: createMachine(stop.signal),
        on: () => setImmediate(() => stop.abort(reason)),
        signal: stop.signal,
      });
      // What is over sooner than it can be interrupted is over.
      const outcome = await examined.then(
        ([one]) => one?.verdict,
        (error: unknown) => error,
      );
      expect(outcome).to.be.oneOf([reason, 'holds', 'not needed']);
      await nothingLeft(before);
    });
  });
}
