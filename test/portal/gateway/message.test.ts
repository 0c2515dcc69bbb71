import { expect } from 'chai';
import { BOARD, inTurn, json, text } from '../stub-stats.ts';
import { expectError, useGateway } from './use-gateway.ts';

const said = (message: unknown, status = 400) => json({ status: { message } }, status);

describe('portal: what the gateway passes on of a refusal', () => {
  const { system, ask } = useGateway();

  for (const message of [
    'Invalid product Id',
    '{"error":{"code":7,"list":["a"]}}',
    'péché 🎲 "quoted" \\ <b>bold</b>',
    'ends with a stop.',
    '__proto__',
    ' ',
  ]) {
    it(`its message exactly: ${JSON.stringify(message)} (row 97)`, async () => {
      const exact = message.trim() === '' ? 'The request is not valid.' : message;
      expectError(await ask(said(message)), 400, exact);
    });
  }

  for (const status of [400, 402, 404, 406, 409, 410, 413, 418, 422, 451, 499]) {
    it(`its status: ${status} (row 97)`, async () => {
      expectError(await ask(said('No such product', status)), status, 'No such product');
      expect(system.stub.boardCalls()).to.equal(1);
    });
  }

  for (const status of [401, 403]) {
    it(`no ${status}, which is about the portal's own key: 502, and an alert in the log (row 102)`, async () => {
      const answer = await ask(said('Invalid API key 4711', status));
      expectError(answer, 502, 'The stats service gave no usable answer.');
      expect(answer.headers).to.not.have.property('www-authenticate');
      const line = system.portal.log.find(({ level }) => level === 'error');
      expect(line).to.include({ service: 'stats', call: 'gateway-leaderboard' });
      expect(line?.['msg']).to.include(`does not accept the portal itself (${status})`);
    });
  }

  for (const status of [405, 407, 408, 411, 417, 421, 425, 426, 431]) {
    it(`no ${status}, which is about how the portal asks: 502 (row 104)`, async () => {
      expectError(await ask(said('no', status)), 502, 'The stats service gave no usable answer.');
    });
  }

  for (const [what, answer] of [
    ['no JSON', text('Invalid product Id', 400)],
    ['a page', text('<html><h1>Bad Request</h1></html>', 400)],
    ['nothing', text('', 400)],
    ['another field', json({ error: 'at db.js:3', message: 'SELECT 1' }, 400)],
    ['a list', json(['a'], 400)],
    ['a string', json('Invalid', 400)],
    ['null', json(null, 400)],
    ['null for the field above', json({ status: null }, 400)],
    ['a list above', json({ status: [{ message: 'a' }] }, 400)],
    ['an empty message', said('')],
    ['a message of control characters', said('\r\n\u0000\u001b')],
    ['an object for a message', said({ a: 1 })],
    ['a list for a message', said(['a'])],
    ['a number for a message', said(42)],
    ['true for a message', said(true)],
    ['null for a message', said(null)],
    ['a message of ten megabytes', said('x'.repeat(10_000_000))],
    ['JSON that is cut', text('{"status":{"message":"Inv', 400)],
    ['JSON a thousand levels deep', text('{"status":'.repeat(1000), 400)],
  ] as const) {
    it(`nothing but the status where there is ${what} (rows 97, 98)`, async () => {
      expectError(await ask(answer), 400, 'The request is not valid.');
    });
  }

  it('a message without what could break a line or a terminal (row 97)', async () => {
    const { body, text } = await ask(said('one\r\nSet-Cookie: a=b\u0000\u001b[31mtwo\u2028three'));
    expect(body.detail).to.equal('one Set-Cookie: a=b [31mtwo three');
    expect(Array.from(text).filter((character) => character < ' ')).to.deep.equal([]);
  });

  it('a message that is cut where it is too long (row 97)', async () => {
    const { body } = await ask(said('x'.repeat(5000)));
    expect(body.detail).to.match(/^x{1000}…$/);
  });

  it('a message with half a character', async () => {
    const { status, body } = await ask(text('{"status":{"message":"a\\ud800b"}}', 400));
    expect(status).to.equal(400);
    expect(body.detail).to.have.length(3);
  });

  it('a message, in the form that the client asks for, where HTML is escaped (row 98)', async () => {
    const { status, headers, text } = await ask(said('<script>alert(1)</script>'), {
      accept: 'text/html',
    });
    expect(status).to.equal(400);
    expect(headers['content-type']).to.include('text/html');
    expect(text).to.include('alert(1)').and.not.include('<script>');
  });

  it('the old form of 004 has the message where its clients look for it (row 97)', async () => {
    await system.restartPortal({ ERROR_FORMAT: 'status' });
    const { body } = await ask(said('{"nested":true}', 404));
    expect(body.status).to.deep.include({ status_code: 404, message: '{"nested":true}' });
  });

  it('a message from another field, where the configuration declares that one (row 97)', async () => {
    await system.restartPortal({ STATS_MESSAGE_FIELD: 'errors.0.detail' });
    const answer = await ask(json({ errors: [{ detail: 'No such game' }] }, 404));
    expectError(answer, 404, 'No such game');
  });

  it('a message of nowhere but the declared field, which hides the key of the portal (row 97)', async () => {
    await system.restartPortal({ STATS_KEYS: 'key-of-ours' });
    const { body } = await ask(said('key key-of-ours is not for this product'));
    expect(body.detail).to.equal('key [hidden] is not for this product');
  });

  it('a refusal is no outage: the service is asked again, and once each time', async () => {
    for (let i = 0; i < 30; i++) await ask(said('no', 404));
    const { status, body } = await ask(json(BOARD));
    expect([status, body]).to.deep.equal([200, BOARD]);
    expect(system.stub.boardCalls()).to.equal(31);
  });

  it('a failure that a second attempt mends is no failure', async () => {
    const { status } = await ask(inTurn(text('', 503), json(BOARD)));
    expect(status).to.equal(200);
    expect(system.stub.boardCalls()).to.equal(2);
  });
});
