#!/usr/bin/env node
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Starts the command line. Its source is TypeScript, which Node runs as it is from 22.18 on; an older one hands over
 * to the Node 24 that comes with the packages. Plain JavaScript, for any Node must be able to read it.
 */
const main = new URL('./main.ts', import.meta.url);

if (fileURLToPath(main).includes(`${sep}node_modules${sep}`)) {
  console.error(
    'flowferry: Node strips no types below node_modules: link a checkout in its place (npm install ../flowferry).',
  );
  process.exit(1);
}

if (stripsTypes(process.versions.node)) {
  // What is compiled once need not be compiled by the next command.
  module.enableCompileCache?.();
  await import(main.href);
} else {
  handOver();
}

function stripsTypes(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** Where the packages brought a Node for this machine. */
function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', 'node');
  } catch {
    return undefined;
  }
}

function handOver() {
  const node = process.platform === 'linux' ? bundledNode() : undefined;
  if (node === undefined) {
    console.error(`flowferry: needs Node 22.18 or newer, and this is ${process.versions.node}.`);
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes by itself: passed on, it would count twice.
  const terminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on('SIGINT', () => terminal || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`flowferry: the Node of the packages can't be started (${error.code}).`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
