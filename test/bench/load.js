import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** One second or more of requests on so many connections, each sent when the one before it is answered. */

/** wrk where it is there, else autocannon, in a process of its own. */
export function loadTool() {
  try {
    // It says its version and fails, for it was given no address.
    execFileSync('wrk', ['-v'], { stdio: 'pipe' });
  } catch (error) {
    if (error.code === 'ENOENT') return { name: 'autocannon', load: autocannon };
  }
  return { name: 'wrk', load: wrk };
}

async function wrk(url, { connections, seconds, headers = {} }) {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const shape = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`];
  const { stdout } = await run('wrk', [...shape, ...given, '-s', here('wrk.lua'), url]);
  const told = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')));
  return {
    requests: told.requests,
    perSecond: told.requests / (told.duration / 1e6),
    p50: told.p50 / 1000,
    p99: told.p99 / 1000,
    most: told.most / 1000,
    failed: told.connect + told.read + told.write + told.timeout,
    refused: told.status,
  };
}

async function autocannon(url, { connections, seconds, headers = {} }) {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const cannon = here('node_modules/autocannon/autocannon.js');
  const shape = ['-c', String(connections), '-d', String(seconds), '--json', '--no-progress'];
  const { stdout } = await run(process.execPath, [cannon, ...shape, ...given, url]);
  const told = JSON.parse(stdout);
  return {
    requests: told.requests.total,
    perSecond: told.requests.total / told.duration,
    p50: told.latency.p50,
    p99: told.latency.p99,
    most: told.latency.max,
    failed: told.errors + told.timeouts,
    refused: told.non2xx,
  };
}

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
