// A shop page that asks another service for its prices, and stands when that fails: the service of the README.
import { createServer } from 'node:http';

const { PORT, PRICES_URL } = process.env;

createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/health') return response.end('{}');
  const prices = await readPrices().then(
    (data) => ({ data, error: false }),
    () => ({ data: [], error: true }),
  );
  response.end(JSON.stringify({ shop: 'corner', prices }));
}).listen(Number(PORT), '127.0.0.1');

async function readPrices() {
  const answer = await fetch(`${PRICES_URL}/prices`, { signal: AbortSignal.timeout(500) });
  if (!answer.ok) throw new Error(`prices answered ${answer.status}`);
  const prices = await answer.json();
  if (!Array.isArray(prices)) throw new Error('prices are no list');
  return prices;
}
