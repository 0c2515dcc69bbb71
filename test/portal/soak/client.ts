import http, { type IncomingHttpHeaders } from 'node:http';

export interface Told {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind of request looks for something else in it
  readonly body: any;
  readonly headers: IncomingHttpHeaders;
  header(name: string): string | undefined;
}

/** Sends requests on connections that are kept, as a proxy before the portal would. */
export interface Client extends Disposable {
  readonly port: number;
  send(
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: string,
  ): Promise<Told>;
}

export function createClient(url: string): Client {
  const agent = new http.Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  return {
    port: Number(port),
    send: (method, path, headers = {}, body) =>
      new Promise((resolve, reject) => {
        const sent = http.request({ agent, hostname, port, method, path, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const type = response.headers['content-type'] ?? '';
            resolve({
              status: response.statusCode ?? 0,
              body: type.includes('json') && text ? JSON.parse(text) : text,
              headers: response.headers,
              header: (name) => response.headers[name]?.toString(),
            });
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
