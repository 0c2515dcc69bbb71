import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.js';

/** What is asked for, and what the upstream answers. */
export const PATH = '/leaderboards/top_ten/duke';
export const BODY = JSON.stringify(
  Array.from({ length: 10 }, (_, i) => ({ user: `user-${i}`, score: 1000 - i })),
);

/** Debian's nginx where it is there, else a responder in Node that answers every read alike. */
export async function startUpstream() {
  const nginx = ['nginx', '/usr/sbin/nginx'].find(isThere);
  return nginx === undefined ? startResponder() : startNginx(nginx);
}

async function startNginx(nginx) {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-bench-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configOf(folder, port));
  const child = spawn(nginx, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  // Contenders end with this process; this one must be ended, whatever has ended the bench.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  await answering(port, child);
  return {
    name: 'nginx',
    port,
    async stop() {
      process.off('exit', end);
      end();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

async function startResponder() {
  const child = await startChild('responder', [0, JSON.stringify(BODY)]);
  return {
    name: 'a raw responder in Node',
    port: child.port,
    stop: () => child.stop(),
  };
}

/** A port that is free now. Whoever takes it next must be quick; what is said then is that it is taken. */
export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(port, child) {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const came = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (came) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('nginx did not start');
}

function isThere(command) {
  try {
    execFileSync(command, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function configOf(folder, port) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/${name};`)
    .join('\n');
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
${temporary}
  default_type application/json;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 '${BODY}'; }
  }
}
`;
}
