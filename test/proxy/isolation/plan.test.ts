import { expect } from 'chai';
import * as fc from 'fast-check';
import { InvalidError } from '../../../src/common/errors.ts';
import {
  FAULTS,
  formatPlan,
  parsePlan,
  parseRule,
  ruleOf,
  type PlanStep,
  type UpstreamNames,
} from '../../../src/proxy/catalogue.ts';
import type { Fault } from '../../../src/proxy/fault.ts';
import { planRequests } from '../../../src/proxy/plan.ts';
import { kindOf } from '../kinds.ts';

const NAMES: UpstreamNames = {
  stats: { calls: ['leaderboard', 'player-stats'] },
  'a=b+c#d%2B': { calls: [] },
  database: { calls: [], protocol: 'tcp' },
};

describe('a plan in a line', () => {
  it('says which faults act on which calls', () => {
    expect(parsePlan('leaderboard=hang+player-stats#1=status:503', NAMES)).to.deep.equal([
      { on: 'leaderboard', inject: 'hang' },
      { on: 'player-stats', nth: 1, inject: { status: 503 } },
    ]);
  });

  it('takes an upstream, or a call with its upstream', () => {
    expect(parsePlan('stats=truncate:50%+stats.leaderboard#12=latency:2s', NAMES)).to.deep.equal([
      { on: 'stats', inject: { truncate: '50%' } },
      { on: 'stats.leaderboard', nth: 12, inject: { latency: '2s' } },
    ]);
  });

  it('acts on requests, also where it names the upstream', () => {
    const [step] = planRequests('stats=hang', NAMES);
    expect(step?.faults[0]).to.include({ phase: 'request', level: 'request' });
    expect(step).to.include({ upstream: 'stats' }).and.not.to.have.property('call');
  });

  it('reads numbers where numbers are meant, and words where words are', () => {
    const inject = (text: string) => parsePlan(`leaderboard=${text}`, NAMES)[0]?.inject;
    expect(inject('corrupt:0.01')).to.deep.equal({ corrupt: 0.01 });
    expect(inject('wrong-length:-1')).to.deep.equal({ 'wrong-length': -1 });
    expect(inject('interim:103')).to.deep.equal({ interim: 103 });
    expect(inject('redirect:/503')).to.deep.equal({ redirect: '/503' });
    expect(inject('content-type:503')).to.deep.equal({ 'content-type': '503' });
  });

  it('writes a + in a value as %2B, and leaves all other escapes to the value', () => {
    const text = 'leaderboard=content-type:application/problem%2Bjson';
    expect(parsePlan(text, NAMES)[0]?.inject).to.deep.equal({
      'content-type': 'application/problem+json',
    });
    expect(parsePlan('leaderboard=redirect:/a%20b', NAMES)[0]?.inject).to.deep.equal({
      redirect: '/a%20b',
    });
    expect(() => parsePlan('leaderboard=content-type:a+json', NAMES)).to.throw(
      '"json": expected call=fault or call=fault:parameter, such as leaderboard=status:503; a + in a value is written %2B',
    );
  });

  it('reads what it has written, of every fault there is', () => {
    fc.assert(
      fc.property(fc.array(anyStep(), { minLength: 1, maxLength: 4 }), (steps) => {
        const text = formatPlan(steps);
        expect(parsePlan(text, NAMES), text).to.deep.equal(steps);
        expect(formatPlan(parsePlan(text, NAMES))).to.equal(text);
      }),
    );
  });

  it('takes every fault that acts on a request and needs one line to say', () => {
    const plannable = (name: string) => injectsOf(name).some(isPlannable);
    const others = [...FAULTS.keys()].filter((name) => !plannable(name));
    expect(others).to.deep.equal([
      'headers',
      'json-patch',
      'limit-time',
      'refuse',
      'slow-close',
      'tls',
    ]);
  });

  it('writes a fault in full form by its main parameter, and refuses what is richer', () => {
    const write = (inject: PlanStep['inject']) => formatPlan([{ on: 'leaderboard', inject }]);
    expect(write({ fault: 'status', code: 503 })).to.equal('leaderboard=status:503');
    expect(write({ fault: 'hang' })).to.equal('leaderboard=hang');
    for (const rich of [
      { status: 503, body: '[]' },
      { fault: 'status', code: 503, body: '[]' },
      { fault: 'latency', jitter: '1s' },
      { headers: { a: 'b' } },
    ]) {
      expect(() => write(rich), JSON.stringify(rich)).to.throw(InvalidError, 'use a rule');
    }
  });

  it('never throws anything but an InvalidError, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), nearlyRight()), (text) => {
        try {
          parsePlan(text, NAMES);
        } catch (error) {
          expect(error).to.be.instanceOf(InvalidError);
        }
      }),
    );
  });

  for (const [text, message] of [
    ['', '"": empty: expected call=fault'],
    ['leaderboard=hang+', '"": empty: expected call=fault'],
    ['leaderboard', '"leaderboard": expected call=fault or call=fault:parameter'],
    ['=hang', '"=hang": which call or upstream?'],
    ['leaderboard=', '"leaderboard=": which fault?'],
    ['leaderbord=hang', 'unknown upstream or call "leaderbord", did you mean "leaderboard"?'],
    ['leaderboard=statsu:503', 'unknown fault "statsu", did you mean "status"?'],
    ['leaderboard=status:999', 'expected a whole number from 200 to 599, got 999'],
    ['leaderboard=status:soon', 'expected a whole number from 200 to 599, got "soon"'],
    ['leaderboard=status', 'status needs code: the status (200 to 599)'],
    ['leaderboard=latency:2', 'expected a duration such as 250ms or 2s, got "2"'],
    ['leaderboard=refuse:now', 'refuse takes no parameter: write just refuse'],
    ['leaderboard#0=hang', 'expected # and a number from 1, got "#0"'],
    ['leaderboard#=hang', 'expected # and a number from 1, got "#"'],
    ['leaderboard#1.5=hang', 'expected # and a number from 1, got "#1.5"'],
    ['leaderboard=headers:x', 'headers with such parameters is too rich for a line: use a rule'],
    ['leaderboard=json-patch', 'json-patch with such parameters is too rich for a line'],
    ['leaderboard=refuse', 'refuse acts on connections, before a request is read: use a rule'],
    ['stats=refuse', 'refuse acts on connections, before a request is read: use a rule'],
    ['stats=reset:accept', 'reset acts on connections, before a request is read: use a rule'],
    ['database=hang', '"database" speaks tcp, where no request is read: use a rule'],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} and says what is wrong`, () => {
      expect(() => parsePlan(text, NAMES))
        .to.throw(InvalidError)
        .with.property('message')
        .that.includes(message);
    });
  }

  it('tells of every piece that is wrong', () => {
    expect(() => parsePlan('leaderboard=hnag+x=hang', NAMES)).to.throw(/hnag[^]*"x=hang": unknown/);
  });

  it('takes faults on connections where a rule is made of it', () => {
    const [step] = parsePlan('stats#3=reset:accept', NAMES, { connections: true });
    const rule = ruleOf(step as PlanStep);
    expect(rule).to.deep.equal({
      on: 'stats',
      inject: { reset: 'accept' },
      trigger: { nth: [3] },
    });
    expect(parseRule(rule, NAMES).faults[0]).to.include({ level: 'connection' });
    expect(() => parsePlan('leaderboard=refuse', NAMES, { connections: true })).to.throw(
      'before any path is known',
    );
  });
});

/** Every step that may stand in a plan: each fault alone, and with each value of its main parameter that a line can hold. */
function anyStep(): fc.Arbitrary<PlanStep> {
  const injects = [...FAULTS.keys()].flatMap(injectsOf).filter(isPlannable);
  const texts = fc
    .oneof(fc.string(), fc.constantFrom('a+b', '%2B', '%', '50%25', 'a=b#1:c', '+', '%%2b'))
    .map((to) => ({ redirect: to }))
    .filter(isPlannable);
  return fc.record(
    {
      on: fc.constantFrom('leaderboard', 'stats.player-stats', 'stats', 'a=b+c#d%2B'),
      nth: fc.integer({ min: 1, max: 999 }),
      inject: fc.oneof(fc.constantFrom(...injects), texts),
    },
    { requiredKeys: ['on', 'inject'] },
  );
}

function injectsOf(name: string): PlanStep['inject'][] {
  const { main, parameters } = FAULTS.get(name) as Fault;
  const parameter = main === undefined ? undefined : parameters[main];
  const values = parameter ? kindOf(parameter).inside(parameter) : [];
  return [name, ...values.map((value) => ({ [name]: value }))];
}

function isPlannable(inject: PlanStep['inject']): boolean {
  try {
    planRequests(formatPlan([{ on: 'leaderboard', inject }]), NAMES);
    return true;
  } catch {
    return false;
  }
}

function nearlyRight(): fc.Arbitrary<string> {
  const parts = ['leaderboard', 'stats', '#', '1', '=', '+', ':', 'hang', 'status', '503', '%2B'];
  return fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((all) => all.join(''));
}
