import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Installs what the benches compare with, and a load tool for machines without wrk. */
export function installPeers() {
  if (existsSync(here('node_modules/.package-lock.json'))) return;
  console.log('installing what it is compared with …');
  const argv = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', here('.')];
  execFileSync('npm', argv, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
