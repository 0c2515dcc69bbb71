// A product's page, made of three calls to a warehouse. It stands when they fail: each part is empty then, and says so.
import { Agent, createServer, get } from 'node:http';

const { PORT, WAREHOUSE_URL } = process.env;
const pool = new Agent({ keepAlive: true, maxSockets: 20 });

createServer(async ({ url }, response) => {
  response.setHeader('content-type', 'application/json');
  if (url === '/health') return response.end('{"status":"ok"}');
  const [, item] = /^\/products\/([a-z]+)$/.exec(url) ?? [];
  if (!item) return response.writeHead(404).end('{"error":"not found"}');
  const [price, stock, reviews] = await Promise.all([
    part(`/prices/${item}`, null, ({ amount }) => typeof amount === 'number'),
    part(`/stock/${item}`, null, ({ count }) => Number.isInteger(count)),
    part(`/reviews/${item}`, [], Array.isArray),
  ]);
  const degraded = price.error || stock.error || reviews.error;
  response.end(JSON.stringify({ item, price, stock, reviews, degraded }));
}).listen(Number(PORT), '127.0.0.1');

async function part(path, empty, isRight) {
  try {
    const data = JSON.parse(await read(WAREHOUSE_URL + path));
    if (!isRight(data)) throw new Error(`${path} is not what it was`);
    return { data, error: false };
  } catch (error) {
    console.error(`${path}: ${error.message}`);
    return { data: empty, error: true };
  }
}

/** The body of a 200 that came whole, all of it in time. */
function read(url) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: pool, signal: AbortSignal.timeout(500) }, (response) => {
      if (response.statusCode !== 200) request.destroy(new Error(`${response.statusCode}`));
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => resolve(text)).on('error', reject);
    });
    request.on('error', reject);
  });
}
