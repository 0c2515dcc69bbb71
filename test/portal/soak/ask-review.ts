import { expectStatus, JSON_TYPE, type Ask } from './ask.ts';

/** A review is written, read, voted for, replaced and taken back: whatever the stats service does. */
export const review: Ask['send'] = async ({ client, headers: { ada, grace } }, random) => {
  const all = `/games/v1/games/${random() < 0.5 ? 'exrps' : 'moonhop'}/reviews`;
  const send = async (status: number, ...[method, path, who, body]: Sent) => {
    const told = await client.send(
      method,
      path,
      { ...who, ...JSON_TYPE },
      body && JSON.stringify(body),
    );
    expectStatus(told.status, status);
    return told.body;
  };
  const written = await client.send('POST', all, { ...ada, ...JSON_TYPE }, JSON.stringify(GOOD));
  // One of a game by a player: another request was first.
  if (written.status === 409) return;
  expectStatus(written.status, 201);
  const one = `${all}/${written.body.id}`;
  await send(200, 'PATCH', one, grace, { increase_votes_by: 1 });
  await send(200, 'PUT', one, ada, { ...GOOD, rating_out_of_five: 1 });
  const { votes, rating_out_of_five } = await send(200, 'GET', one, ada);
  await send(403, 'DELETE', one, grace);
  await send(204, 'DELETE', one, ada);
  await send(404, 'GET', one, ada);
  if (votes !== 1 || rating_out_of_five !== 1) throw new Error('what was written is not there');
};

type Sent = [method: string, path: string, who: Record<string, string>, body?: object];

const GOOD = { rating_out_of_five: 4, text: "a <b>fine</b> game'; drop table reviews; --" };
