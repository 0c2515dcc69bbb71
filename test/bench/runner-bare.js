import http from 'node:http';

/** What there is to compare with: a program that sends so many requests, one after another, and reads the answers. */
const [url, count] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++) {
  const status = await new Promise((resolve, reject) => {
    const asked = http.get(url, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve(text === '' ? 0 : answer.statusCode)).on('error', reject);
    });
    asked.on('error', reject);
  });
  if (status !== 200) throw new Error(`${url}: ${status}`);
}
http.globalAgent.destroy();
