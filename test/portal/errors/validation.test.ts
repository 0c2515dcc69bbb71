import { expect } from 'chai';
import { z } from 'zod';
import {
  BadRequest,
  Conflict,
  inOneLine,
  InvalidRequest,
  MissingParameter,
} from '../../../src/portal/errors/index.ts';
import { checked } from '../../../src/portal/http/checked.ts';
import { usePortal } from '../use-portal.ts';
import { answerTo, startService } from './service.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('errors: requests that are not valid', () => {
  it('one problem in one line (row 57)', async () => {
    const error = new InvalidRequest([{ path: ['name'], message: 'field required' }]);
    const { body } = await answerTo(error, { format: 'status' });
    expect(body).to.deep.equal({
      status: {
        status_code: 400,
        message: 'Invalid request parameters: field required at body.name',
      },
    });
  });

  it('several problems in one line, and none (row 57)', async () => {
    const several = new InvalidRequest([
      { path: ['name'], message: 'field required' },
      { in: 'query', path: ['page', 0], message: 'no number' },
    ]);
    expect((await answerTo(several, { format: 'text' })).text).to.equal(
      '400 Bad Request\nInvalid request parameters: field required at body.name; no number at query.page.0',
    );
    const none = 'Invalid request parameters: Validation failed';
    expect(
      (await answerTo(new InvalidRequest([]), { format: 'status' })).body.status,
    ).to.deep.equal({
      status_code: 400,
      message: none,
    });
    expect(inOneLine([])).to.equal(none);
  });

  it('a conflict with problems is none of parameters (row 57)', async () => {
    const taken = new Conflict('Taken.', { problems: [{ path: ['email'], message: 'in use' }] });
    const { status, body } = await answerTo(taken, { format: 'status', validationStatus: 422 });
    expect(status).to.equal(409);
    expect(body.status.message).to.equal('Taken.');
    expect((await answerTo(taken, { format: 'text' })).text).to.equal('409 Conflict\nTaken.');
    expect((await answerTo(taken)).body.errors).to.deep.equal([
      { pointer: '/email', detail: 'in use' },
    ]);
  });

  it('a missing parameter has its words and its code (row 61)', async () => {
    const { status, body } = await answerTo(new MissingParameter('x'), { format: 'jsonapi' });
    expect(status).to.equal(400);
    expect(body.errors).to.deep.equal([
      {
        title: 'Bad Request',
        detail: 'The required parameter "x", is missing',
        code: '108',
        status: '400',
      },
    ]);
    expect((await answerTo(new MissingParameter('x'))).body).to.include({ code: '108' });
  });

  it('400 or 422 by choice, for what is wrong with values only (row 58)', async () => {
    const invalid = new InvalidRequest([{ path: ['a'], message: 'b' }]);
    const byHand = new BadRequest('No.', { problems: [{ path: ['a'], message: 'b' }] });
    for (const error of [invalid, byHand, new InvalidRequest([])]) {
      expect((await answerTo(error)).status).to.equal(400);
      const { status, body } = await answerTo(error, { validationStatus: 422 });
      expect(status).to.equal(422);
      expect(body.status).to.equal(422);
      expect(body.title).to.match(/^Unprocessable/);
    }
    expect((await answerTo(new BadRequest('No.'), { validationStatus: 422 })).status).to.equal(400);
    expect((await answerTo(new MissingParameter('x'), { validationStatus: 422 })).status).to.equal(
      400,
    );
  });

  it('a schema’s problems are all told, each by type, place and message, and no value (row 56)', async () => {
    const schema = z.strictObject({
      rating_out_of_five: z.number().int().min(1).max(5),
      text: z.string(),
      password: z.string().min(8),
      kind: z.enum(['a', 'b']),
      tags: z.array(z.string()),
    });
    const sent = {
      rating_out_of_five: 6,
      password: 'hunter2',
      kind: { secret: 'hunter2' },
      tags: ['fine', 7],
      extra: 'hunter2',
    };
    await using service = await startService(() => checked(schema, sent, 'body'), {
      format: 'detail',
    });
    const { status, body, text } = await service.get();
    expect(status).to.equal(400);
    const found = body.detail as { type: string; loc: (string | number)[]; msg: string }[];
    expect(found.map(({ type, loc }) => [type, loc.join('.')])).to.deep.equal([
      ['too_big', 'body.rating_out_of_five'],
      ['missing', 'body.text'],
      ['too_small', 'body.password'],
      ['invalid_value', 'body.kind'],
      ['invalid_type', 'body.tags.1'],
      ['unrecognized_keys', 'body.extra'],
    ]);
    for (const { msg } of found) expect(msg).to.be.a('string').and.not.equal('');
    expect(found[1]?.msg).to.equal('field required');
    expect(text).to.not.include('hunter2');
  });

  it('what a schema itself says of an absent value is told in its words (row 56)', async () => {
    const schema = z.object({
      until: z
        .undefined()
        .or(z.number())
        .refine(() => false, 'in the past'),
    });
    await using service = await startService(() => checked(schema, {}, 'query'), {
      format: 'detail',
    });
    expect((await service.get()).body.detail).to.deep.equal([
      { type: 'custom', loc: ['query', 'until'], msg: 'in the past' },
    ]);
  });

  describe('by the portal', () => {
    const system = usePortal();
    const post = (body: string, headers: Record<string, string> = {}) =>
      system.portal.send('POST', '/token', { headers: { ...JSON_TYPE, ...headers }, body });

    it('an empty object is a 400 that names every missing field (rows 49, 56)', async () => {
      const { status, body } = await post('{}');
      expect(status).to.equal(400);
      expect(body).to.include({ code: 'invalid_request', detail: 'The request is not valid.' });
      expect(body.errors).to.deep.equal([
        { pointer: '/email', detail: 'field required' },
        { pointer: '/password', detail: 'field required' },
      ]);
    });

    it('VALIDATION_STATUS=422 turns that into a 422, and leaves malformed JSON a 400 (row 58)', async () => {
      await system.restartPortal({ VALIDATION_STATUS: '422' });
      expect((await post('{}')).status).to.equal(422);
      const malformed = await post('{bad');
      expect(malformed.status).to.equal(400);
      expect(malformed.body).to.include({ code: 'malformed_json', detail: 'JSON is malformed.' });
    });

    it('ERROR_FORMAT=status says it in one line (row 57)', async () => {
      await system.restartPortal({ ERROR_FORMAT: 'status' });
      expect((await post('{"email":"a"}')).body).to.deep.equal({
        status: {
          status_code: 400,
          message: 'Invalid request parameters: field required at body.password',
        },
      });
    });

    it('a password of the wrong type is not repeated in any form (rows 56, 83)', async () => {
      const body = '{"email":"a","password":{"secret":"hunter2"}}';
      for (const accept of ['*/*', 'text/html', 'text/plain', 'application/vnd.api+json']) {
        const { status, text } = await post(body, { accept });
        expect(status).to.equal(400);
        expect(text).to.include('password').and.not.include('hunter2');
      }
    });
  });
});
