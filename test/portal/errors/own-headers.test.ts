import { expect } from 'chai';
import * as classes from '../../../src/portal/errors/classes.ts';
import { httpError } from '../../../src/portal/errors/index.ts';
import { answerTo } from './service.ts';

describe('errors: headers that belong to a status', () => {
  it('a 401 carries a challenge, its own or the common one (row 86)', async () => {
    const plain = await answerTo(new classes.Unauthorized());
    expect(plain.headers['www-authenticate']).to.equal('Bearer');
    const own = await answerTo(new classes.Unauthorized('Who?', { challenge: 'ApiKey' }));
    expect(own.headers['www-authenticate']).to.equal('ApiKey');
    expect((await answerTo(httpError(401))).headers['www-authenticate']).to.equal('Bearer');
  });

  it('a 405 tells what is allowed, as far as it is known (row 63)', async () => {
    const known = new classes.MethodNotAllowed(undefined, { allow: ['GET', 'HEAD'] });
    expect((await answerTo(known)).headers['allow']).to.equal('GET, HEAD');
    expect((await answerTo(httpError(405))).headers).to.not.have.property('allow');
  });

  for (const [ms, seconds] of [
    [1, '1'],
    [0, '1'],
    [1000, '1'],
    [1001, '2'],
    [60_000, '60'],
  ] as const) {
    it(`429 and 503 say when to ask again: ${ms} ms is ${seconds} s (row 33)`, async () => {
      for (const status of [429, 503]) {
        const answer = await answerTo(httpError(status, undefined, { retryAfterMs: ms }));
        expect(answer.headers['retry-after']).to.equal(seconds);
      }
    });
  }

  it('429 and 503 say when to ask again even where nobody knows; others do not (row 33)', async () => {
    for (const status of [429, 503]) {
      expect((await answerTo(httpError(status))).headers['retry-after']).to.equal('5');
    }
    for (const status of [404, 500, 502, 504]) {
      expect((await answerTo(httpError(status))).headers).to.not.have.property('retry-after');
    }
  });
});
