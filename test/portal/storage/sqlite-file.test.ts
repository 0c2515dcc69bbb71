import { expect } from 'chai';
import Libsql from 'libsql';
import { folder, type Folder } from '../../helpers/folder.ts';
import { startPortalUnderTest, type PortalUnderTest } from '../portal-under-test.ts';

const LIST = '/games/v1/games/';

describe('portal: a file of SQLite that another program uses, too', () => {
  let files: Folder;
  let portal: PortalUnderTest;
  let other: Libsql.Database;

  beforeEach(async () => {
    files = folder();
    const path = files.file('portal.db');
    portal = await startPortalUnderTest('http://127.0.0.1:1', { DATABASE_URL: `sqlite:${path}` });
    expect((await portal.get(LIST)).status).to.equal(200);
    other = new Libsql(path);
  });
  afterEach(async () => {
    other.close();
    await portal[Symbol.asyncDispose]();
    files[Symbol.dispose]();
  });

  const register = (username: string) =>
    portal.send('POST', '/register/', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, email: `${username}@x.test`, password: 'plays-fair' }),
    });

  it('reads while that one writes, and is told to come back to write', async () => {
    other.exec('begin exclusive');
    expect((await portal.get(LIST)).status).to.equal(200);
    const { status, headers } = await register('eve');
    expect(status).to.equal(503);
    expect(headers).to.have.property('retry-after');
    other.exec('commit');
    expect((await register('eve')).status).to.equal(201);
  });

  it('sees what that one has written, and shows it its own', async () => {
    other.exec("update games set name = 'Changed' where game_id = 'exrps'");
    expect((await portal.get('/games/v1/games/exrps')).body.name).to.equal('Changed');
    await register('eve');
    const row = other.prepare("select username from accounts where email = 'eve@x.test'").all([]);
    expect(row).to.deep.equal([{ username: 'eve' }]);
  });

  it('is a 500 where the file is no database, which is left as it is; the rest stands', async () => {
    const broken = folder({
      'broken.db': 'not a database, but long enough to be looked at'.repeat(50),
    });
    const DATABASE_URL = `sqlite:${broken.file('broken.db')}`;
    const second = await startPortalUnderTest('http://127.0.0.1:1', { DATABASE_URL });
    expect((await second.get(LIST)).status).to.equal(500);
    expect((await second.get('/health')).status).to.equal(200);
    await second[Symbol.asyncDispose]();
    expect(broken.read('broken.db')).to.match(/^not a database/);
    broken[Symbol.dispose]();
  });

  it('each portal without a file has a database of its own', async () => {
    await using one = await startPortalUnderTest('http://127.0.0.1:1');
    await using two = await startPortalUnderTest('http://127.0.0.1:1');
    const body = JSON.stringify({ username: 'eve', email: 'eve@x.test', password: 'plays-fair' });
    const headers = { 'content-type': 'application/json' };
    for (const portal of [one, two]) {
      expect((await portal.send('POST', '/register/', { headers, body })).status).to.equal(201);
    }
  });
});
