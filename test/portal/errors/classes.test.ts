import { expect } from 'chai';
import { createServer } from 'node:http';
import Koa from 'koa';
import { listen } from '../../../src/common/server.ts';
import * as classes from '../../../src/portal/errors/classes.ts';
import {
  ClientError,
  HttpError,
  httpError,
  NotFound,
  ServerError,
  standardMessage,
} from '../../../src/portal/errors/index.ts';
import { request } from '../portal-under-test.ts';
import { answerTo } from './service.ts';

const CLASSES = { ...classes };

describe('errors: classes', () => {
  for (const [name, status, code, message] of [
    ['BadRequest', 400, 'bad_request', 'The request is not valid.'],
    ['Unauthorized', 401, 'unauthorized', 'Say who you are.'],
    ['Forbidden', 403, 'forbidden', 'You may not do this.'],
    ['NotFound', 404, 'not_found', 'There is nothing at this address.'],
    ['MethodNotAllowed', 405, 'method_not_allowed', 'This resource does not know this method.'],
    ['NotAcceptable', 406, 'not_acceptable', 'There is no form of this that you accept.'],
    ['Conflict', 409, 'conflict', 'This is in conflict with what is there.'],
    ['PayloadTooLarge', 413, 'body_too_large', 'The body is too large.'],
    [
      'UnsupportedMediaType',
      415,
      'unsupported_media_type',
      'The body has a type that cannot be read here.',
    ],
    ['UnprocessableContent', 422, 'unprocessable_content', 'The request is not valid.'],
    ['TooManyRequests', 429, 'rate_limited', 'Too many requests.'],
    ['InternalServerError', 500, 'internal', 'Something went wrong on our side.'],
    ['BadGateway', 502, 'bad_gateway', 'A service behind this one gave no usable answer.'],
    ['ServiceUnavailable', 503, 'unavailable', 'This is not available now.'],
    ['GatewayTimeout', 504, 'gateway_timeout', 'A service behind this one did not answer in time.'],
  ] as const) {
    it(`a ${name} is a ${status}, from new as from the factory (rows 62, 63, 64)`, async () => {
      const HttpClass = CLASSES[name];
      for (const error of [new HttpClass(), httpError(status)]) {
        expect(error).to.be.instanceOf(HttpClass).and.instanceOf(HttpError);
        expect(error).to.be.instanceOf(status < 500 ? ClientError : ServerError);
        expect(error.name).to.equal(name);
        const answer = await answerTo(error);
        expect(answer.status).to.equal(status);
        expect(answer.body).to.include({ status, code, detail: message });
      }
      expect(standardMessage(status)).to.equal(message);
    });
  }

  it('a class of one’s own has a status, message, headers and severity, and all are used (row 62)', async () => {
    class Sold extends ClientError {
      constructor() {
        const headers = { 'X-Stock': '0' };
        super(410, 'The last one is sold.', { code: 'sold', headers, severity: 'debug' });
      }
    }
    const { status, headers, body } = await answerTo(new Sold());
    expect(status).to.equal(410);
    expect(headers['x-stock']).to.equal('0');
    expect(body).to.deep.equal({
      title: 'Gone',
      status: 410,
      detail: 'The last one is sold.',
      code: 'sold',
    });
    expect(new Sold().severity).to.equal('debug');
  });

  it('the base alone cannot be thrown (row 62)', () => {
    // @ts-expect-error -- it is abstract
    const made: unknown = new HttpError(400, 'a', { code: 'a' });
    expect(made).to.be.instanceOf(Error);
  });

  it('errors that are expected are quieter than those that are not (row 106)', () => {
    const severities = [404, 401, 429, 500, 502, 503, 504, 501].map(
      (status) => httpError(status).severity,
    );
    expect(severities).to.deep.equal([
      'info',
      'info',
      'info',
      'error',
      'warn',
      'warn',
      'warn',
      'error',
    ]);
  });

  for (const [status, Family, code, message] of [
    [418, ClientError, 'im_a_teapot', "I'm a Teapot."],
    [499, ClientError, 'client_error', 'Client Error.'],
    [505, ServerError, 'http_version_not_supported', 'HTTP Version Not Supported.'],
    [599, ServerError, 'server_error', 'Server Error.'],
  ] as const) {
    it(`a status without a class, ${status}, is of its family (row 64)`, async () => {
      const error = httpError(status);
      expect(error.constructor).to.equal(Family);
      const answer = await answerTo(error);
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({ status, code, detail: message });
    });
  }

  for (const status of [200, 299, 399, 600, 0, -404]) {
    it(`the factory refuses ${status} (row 64)`, () => {
      expect(() => httpError(status)).to.throw(RangeError, /a status from 400 to [45]99, got/);
    });
  }

  for (const status of ['404', 404.5, NaN, null, undefined, {}]) {
    it(`the factory refuses ${JSON.stringify(status)} for a status (rows 64, 66)`, () => {
      expect(() => httpError(status as number)).to.throw(
        TypeError,
        'a status from 400 to 599, got',
      );
    });
  }

  it('a family refuses a status of the other one (row 64)', () => {
    expect(() => new ClientError(500)).to.throw(RangeError, '400 to 499, got 500');
    expect(() => new ServerError(404)).to.throw(RangeError, '500 to 599, got 404');
  });

  for (const blank of ['', ' \n', 7 as unknown as string, null as unknown as string]) {
    it(`${JSON.stringify(blank)} is no message (row 78)`, () => {
      expect(() => new NotFound(blank)).to.throw(TypeError, 'expected a message for the client');
    });
  }

  it('an error has a title, and is it in words (row 66)', () => {
    const error = new NotFound('No game has this id.');
    expect(error.title).to.equal('404 Not Found');
    expect(String(error)).to.equal('404 Not Found');
    expect(error.message).to.equal('No game has this id.');
  });

  for (const detail of [{ left: 0 }, ['a', 1], 7, true, null]) {
    it(`its detail may be any JSON: ${JSON.stringify(detail)} (row 66)`, async () => {
      const error = new NotFound('No tea.', { detail });
      const shown = detail ?? 'No tea.';
      expect((await answerTo(error, { format: 'detail' })).body).to.deep.equal({ detail: shown });
      expect((await answerTo(error, { format: 'media' })).body).to.deep.equal({
        error: '404 Not Found',
        status: 404,
        detail: shown,
      });
      const { body } = await answerTo(error);
      expect(body.detail).to.equal('No tea.');
      expect(body.details).to.deep.equal(detail ?? undefined);
    });
  }

  it('the factory hands on the message, the headers and the cause (row 64)', async () => {
    const cause = new Error('hunter2');
    const error = httpError(404, 'No tea.', {
      headers: { 'X-Tea': 'none' },
      cause,
      code: 'no_tea',
    });
    expect(error.cause).to.equal(cause);
    const { headers, text, body } = await answerTo(error);
    expect(headers['x-tea']).to.equal('none');
    expect(body).to.include({ detail: 'No tea.', code: 'no_tea' });
    expect(text).to.not.include('hunter2');
  });

  it('a family hands on what it is given as well (row 64)', async () => {
    const teapot = httpError(418, 'Short.', { headers: { 'X-Tea': 'none' }, code: 'stout' });
    const { headers, body } = await answerTo(teapot);
    expect(headers['x-tea']).to.equal('none');
    expect(body).to.include({ status: 418, detail: 'Short.', code: 'stout' });
  });

  for (const [error, text] of [
    [new NotFound('No tea.'), 'No tea.'],
    [httpError(503, 'The kettle is on fire.'), 'Service Unavailable'],
  ] as const) {
    it(`where nothing is mounted, Koa answers a ${error.status} by itself (row 62)`, async () => {
      const app = new Koa();
      app.silent = true;
      app.use(() => {
        throw error;
      });
      const handle = app.callback();
      await using listening = await listen(
        createServer((request, response) => void handle(request, response)),
      );
      const answer = await request(listening.url, 'GET', '/');
      expect([answer.status, answer.text]).to.deep.equal([error.status, text]);
      expect(answer.headers['retry-after']).to.equal(error.headers['Retry-After']);
    });
  }

  for (const [status, message] of [
    [400, 'The request is not valid.'],
    [401, 'Say who you are.'],
    [403, 'You may not do this.'],
    [404, 'There is nothing at this address.'],
    [429, 'Too many requests.'],
    [500, 'Something went wrong on our side.'],
    [503, 'This is not available now.'],
  ] as const) {
    it(`the standard message of ${status} is the one that clients get (row 81)`, async () => {
      expect(standardMessage(status)).to.equal(message);
      expect((await answerTo(httpError(status))).body.detail).to.equal(message);
    });
  }

  it('a status that is not in the table has a default message (row 81)', () => {
    expect(standardMessage(418)).to.equal('An error occurred.');
    expect(standardMessage(418, 'Short and stout.')).to.equal('Short and stout.');
  });
});
