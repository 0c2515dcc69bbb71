import { expect } from 'chai';
import { statusBody } from '../../../src/portal/errors/index.ts';

describe('errors: the body with a status and a message', () => {
  for (const [status, message, error] of [
    [99, 'a', RangeError],
    [600, 'a', RangeError],
    [404.5, 'a', TypeError],
    ['404' as unknown as number, 'a', TypeError],
    [404, '', TypeError],
    [404, ' ', TypeError],
  ] as const) {
    it(`no body with status ${status} and message "${message}" can be made (row 78)`, () => {
      expect(() => statusBody(status, message)).to.throw(error, 'expected a');
    });
  }

  it('a body with a status and a message can be made by hand (row 78)', () => {
    for (const status of [100, 200, 404, 599]) {
      expect(statusBody(status, 'm')).to.deep.equal({
        status: { status_code: status, message: 'm' },
      });
    }
  });
});
