import { expect } from 'chai';
import { connect } from 'node:net';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { BrownoutError } from '../../src/common/errors.ts';
import { listen } from '../../src/common/server.ts';
import { createMockStats } from '../../src/mock-stats/app.ts';
import { startMockStats } from '../../src/mock-stats/start.ts';
import { rawRequest } from './raw-request.ts';

/** True when the address refuses connections. */
async function refuses(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const refused = await once(socket, 'connect').then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );
  socket.destroy();
  return refused;
}

describe('starting the mock stats service', () => {
  it('binds nothing until it is asked to', async () => {
    const { handle } = createMockStats();
    await using server = await listen(createServer(handle));
    expect((await rawRequest(server.url, 'GET', '/stats/default/x')).body).to.equal('{}');
  });

  it('opens no control routes unless it is asked to', async () => {
    await using mock = await startMockStats();
    expect(mock).not.to.have.property('controlUrl');
  });

  it('knows the sample data unless it is given other data', async () => {
    await using mock = await startMockStats();
    const { body } = await rawRequest(mock.url, 'GET', '/leaderboards/top_ten/exrps');
    expect((JSON.parse(body) as { score: number }[]).map(({ score }) => score)).to.deep.equal([
      14, 9, 3,
    ]);
  });

  it('gives each instance a port and a memory of its own', async () => {
    await using first = await startMockStats({ control: true });
    await using second = await startMockStats({ control: true });
    expect(new Set([first.url, second.url, first.controlUrl, second.controlUrl]).size).to.equal(4);
    await rawRequest(first.url, 'GET', '/x');
    expect(first.calls().calls).to.have.length(1);
    expect(second.calls().calls).to.have.length(0);
  });

  it('takes the ports it is told, and frees them when it ends', async () => {
    const first = await startMockStats({ controlPort: 0 });
    const { port, controlUrl = '' } = first;
    await first[Symbol.asyncDispose]();
    expect(await refuses(first.url)).to.equal(true);
    expect(await refuses(controlUrl)).to.equal(true);
    await using again = await startMockStats({
      port,
      controlPort: Number(new URL(controlUrl).port),
    });
    expect(again.url).to.equal(first.url);
    expect(again.controlUrl).to.equal(controlUrl);
  });

  it('keeps the control routes on loopback wherever the data port is', async () => {
    await using mock = await startMockStats({ host: '0.0.0.0', control: true });
    expect(mock.host).to.equal('0.0.0.0');
    expect(mock.controlUrl).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('fails when a port is taken', async () => {
    await using mock = await startMockStats();
    const error = await startMockStats({ port: mock.port }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(BrownoutError).with.property('code', 'port_taken');
  });

  it('leaves nothing behind when only the control port is taken', async () => {
    await using mock = await startMockStats();
    const spare = await startMockStats();
    await spare[Symbol.asyncDispose]();
    const error = await startMockStats({ port: spare.port, controlPort: mock.port }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(BrownoutError).with.property('code', 'port_taken');
    expect(await refuses(spare.url)).to.equal(true);
  });

  it('never tells a client that an idle connection will be closed', async () => {
    await using mock = await startMockStats();
    const response = await fetch(mock.url);
    await response.text();
    const { headers } = response;
    expect(headers.get('connection')).to.equal('keep-alive');
    expect(headers.get('keep-alive')).to.equal(null);
  });

  it('ends the connections that are open when it ends', async () => {
    const mock = await startMockStats();
    const socket = connect(mock.port, '127.0.0.1');
    socket.write('GET /stats/default/x HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await mock[Symbol.asyncDispose]();
    await closed;
  });

  it('lets an answer of its own defects be seen as one, and reports them', async () => {
    const defects: unknown[] = [];
    const broken = new Error('the clock is broken');
    await using mock = await startMockStats({
      now: () => {
        throw broken;
      },
      onDefect: (error) => defects.push(error),
    });
    const response = await rawRequest(mock.url, 'GET', '/stats/default/x');
    expect(response.statusLine).to.equal('HTTP/1.1 500 INTERNAL SERVER ERROR');
    expect(response.headers).to.include({
      'content-type': 'text/html; charset=utf-8',
      'content-length': '265',
    });
    expect(response.body).not.to.include('clock');
    expect(defects).to.deep.equal([broken]);
  });
});
