import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { pointersOf, useDatabase } from '../reviews/use-reviews.ts';
import { KINDS } from '../storage/databases.ts';
import { usePortal } from '../use-portal.ts';

const NEW = { username: 'hedy', email: 'hedy@example.test', password: 'frequency hops' };

for (const kind of KINDS)
  describe(`portal: registering on ${kind.name}`, () => {
    const system = usePortal();
    useDatabase(system, kind, { LOG_LEVEL: 'trace' });

    const post = (path: string, body: unknown) =>
      system.portal.send('POST', path, {
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });

    it('a player is made, with tokens that work and no password in the answer (rows 44, 59)', async () => {
      const { status, headers, body, text } = await post('/register/', NEW);
      expect(status).to.equal(201);
      expect(Object.keys(body)).to.deep.equal(['user', 'refresh', 'access']);
      const { id } = body.user;
      expect(id).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(body.user).to.deep.equal({ id, username: 'hedy', account_type: 'PL' });
      expect(headers['cache-control']).to.equal('no-store');
      expect(text).to.not.include(NEW.password);
      expect(decodeJwt(body.access)).to.include({
        user_id: id,
        username: 'hedy',
        account_type: 'PL',
      });

      const authorization = `Bearer ${body.access}`;
      await system.portal.get('/games/v1/stats/exrps/', { authorization });
      expect(system.stub.calls.at(-1)?.url).to.equal(`/stats/exrps/${id}`);
      const { email, password } = NEW;
      const signedIn = await post('/token/', { email: email.toUpperCase(), password });
      expect(signedIn.status).to.equal(200);
      expect(decodeJwt(signedIn.body.access)['user_id']).to.equal(id);
      expect((await post('/token/', { email, password: `${password} ` })).status).to.equal(401);
      expect(JSON.stringify(system.portal.log)).to.not.include(password);
    });

    for (const [what, password] of [
      ['a short password', 'seven77'],
      ['no password', undefined],
      ['a password of eight code units that are four characters', '🚀🚀🚀🚀'],
      ['a password that is far too long', 'x'.repeat(257)],
      ['a password that is a number', 123_456_789],
      ['a password that is a list', ['hunter2-hunter2']],
      ['a password with half a pair', '\ud83d hunter2'],
    ] as const) {
      it(`${what} is one error, shown to nobody, and no account is made`, async () => {
        const answered = await post('/register/', { ...NEW, password });
        expect(answered.status).to.equal(400);
        expect(pointersOf(answered)).to.deep.equal(['/password']);
        if (password !== undefined) {
          expect(answered.text).to.not.include(JSON.stringify(password).slice(2, -2));
          expect(JSON.stringify(system.portal.log)).to.not.include(String(password));
        }
        expect((await post('/register/', NEW)).status).to.equal(201);
      });
    }

    it('every field that is wrong is named (rows 49, 56)', async () => {
      for (const body of ['{}', '', { username: '', email: 'x', password: '' }]) {
        const answered = await post('/register/', body);
        expect(answered.status).to.equal(400);
        expect(pointersOf(answered)).to.deep.equal(['/username', '/email', '/password']);
      }
    });

    for (const [what, change, pointer] of [
      ['a name with a space', { username: 'a b' }, '/username'],
      ['a name with markup', { username: '<b>' }, '/username'],
      ['a name with a NUL', { username: 'a\0' }, '/username'],
      ['a name of 51 letters', { username: 'x'.repeat(51) }, '/username'],
      ['a name that is an object', { username: {} }, '/username'],
      ['no address', { email: 'hedy' }, '/email'],
      ['an address with a NUL', { email: 'he\0dy@example.test' }, '/email'],
      ['an address with SQL', { email: "x'--@example.test; DROP" }, '/email'],
      ['a long address', { email: `${'x'.repeat(260)}@example.test` }, '/email'],
    ] as const) {
      it(`${what} is refused`, async () => {
        const answered = await post('/register/', { ...NEW, ...change });
        expect(answered.status).to.equal(400);
        expect(pointersOf(answered)).to.include(pointer);
      });
    }

    it('letters of any script make a name', async () => {
      for (const [i, username] of ['Зоя', 'naïve_1', '李雷', 'a.b+c@d-e', 'देवी'].entries()) {
        const { status, body } = await post('/register/', {
          ...NEW,
          username,
          email: `p${i}@example.test`,
        });
        expect(status).to.equal(201);
        expect(body.user.username).to.equal(username);
      }
    });

    it('a taken name or address is a 409 that names it, also when two come at once', async () => {
      const other = 'other@example.test';
      for (const [change, pointer] of [
        [{ username: 'ada', email: other }, '/username'],
        [{ username: 'other', email: 'ada@example.test' }, '/email'],
        [{ username: 'other', email: 'ADA@Example.Test' }, '/email'],
      ] as const) {
        const answered = await post('/register/', { ...NEW, ...change });
        expect(answered.status).to.equal(409);
        expect(answered.body.code).to.equal('taken');
        expect(pointersOf(answered)).to.deep.equal([pointer]);
      }
      const racing = await Promise.all(Array.from({ length: 4 }, () => post('/register/', NEW)));
      const statuses = racing.map(({ status }) => status);
      expect(statuses).to.have.members([201, 409, 409, 409]);
    });

    it('what else is sent decides nothing', async () => {
      const body = { ...NEW, account_type: 'CO', id: 'mine', is_admin: true };
      const { status, body: answered } = await post('/register/', body);
      expect(status).to.equal(201);
      expect(answered.user.account_type).to.equal('PL');
      expect(answered.user.id).to.not.equal('mine');
    });
  });
