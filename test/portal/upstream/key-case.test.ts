import { expect } from 'chai';
import { array, assert, property, stringMatching } from 'fast-check';
import { breaker } from '../../../src/portal/upstream/plugs/breaker.ts';
import { json } from '../../../src/portal/upstream/plugs/json.ts';
import { keyCase, toCamel, toSnake } from '../../../src/portal/upstream/plugs/key-case.ts';
import { text } from '../stub-stats.ts';
import { CAUSE, failureOf, useService, valueOf } from './service-under-test.ts';

describe('portal: the plug that renames keys (row 94)', () => {
  const plugs = [breaker, keyCase, json];
  const system = useService({ plugs, methods: ['GET', 'PUT'] });

  /** What is sent is what comes back. */
  async function roundTrip(body: unknown): Promise<{ sent: string; received: unknown }> {
    let sent = '';
    system.stub.board = ({ request, response }) => {
      request.on('data', (chunk: Buffer) => (sent += chunk.toString()));
      request.on('end', () => response.end(sent));
    };
    const put = system.call({ method: 'PUT', name: `put ${++calls}` });
    const received = valueOf(await put({ path: ['thing'], body }, CAUSE));
    return { sent, received };
  }
  let calls = 0;

  it('sends userId for user_id and reads user_id for userId, however deep (row 94)', async () => {
    const body = { user_id: 1, best_of: [{ high_score: { last_seen_at: null } }], done: true };
    const { sent, received } = await roundTrip(body);
    expect(sent).to.equal('{"userId":1,"bestOf":[{"highScore":{"lastSeenAt":null}}],"done":true}');
    expect(received).to.deep.equal(body);
  });

  it('leaves values alone, and keys that are no plain names', async () => {
    const body = {
      'user-13': 'user_id',
      _id: 1,
      a__b: 2,
      score_1: 3,
      SHOUT: 4,
      Wins: 5,
      ünder_score: 6,
      '': 7,
    };
    const { sent, received } = await roundTrip(body);
    expect(JSON.parse(sent)).to.deep.equal(body);
    expect(received).to.deep.equal(body);
  });

  it('makes no prototype of a key __proto__', async () => {
    system.stub.board = text('{"__proto__": {"isAdmin": true}, "userId": 1}');
    const value = valueOf(await system.call()({ path: ['x'] }, CAUSE)) as Record<string, unknown>;
    expect(value['isAdmin']).to.equal(undefined);
    expect(value['user_id']).to.equal(1);
    expect(({} as Record<string, unknown>)['isAdmin']).to.equal(undefined);
  });

  it('survives a document that is deeper than the stack', async () => {
    system.stub.board = text('['.repeat(200_000) + ']'.repeat(200_000));
    const failure = failureOf(await system.call()({ path: ['x'] }, CAUSE));
    expect(failure.reason).to.equal('invalid_response');
  });

  it('brings every snake_case name back as it was', () => {
    const word = stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    const name = array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('_'));
    assert(property(name, (key) => toSnake(toCamel(key)) === key));
    assert(property(name, (key) => toCamel(toSnake(toCamel(key))) === toCamel(key)));
  });

  it('leaves errors as they came, so that their message is found', async () => {
    system.restart({ plugs, messageField: 'errorMessage' });
    system.stub.board = text('{"errorMessage": "no"}', 400);
    expect(failureOf(await system.call()({ path: ['x'] }, CAUSE)).said).to.equal('no');
  });

  it('does nothing to pages and texts of errors', async () => {
    system.stub.board = text('<h1>userId</h1>', 500);
    expect(failureOf(await system.call()({ path: ['x'] }, CAUSE)).status).to.equal(500);
  });
});
