// One package, whether it is required or imported, and types that say the same.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import * as imported from 'kaohe';

const require = createRequire(import.meta.url);
const required = require('kaohe');
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

test('require and import give the same things', () => {
  assert.deepEqual(Object.keys(imported).filter((name) => name !== 'default').sort(), Object.keys(required).sort());
  for (const [name, value] of Object.entries(required)) assert.equal(imported[name], value);
  assert.equal(imported.default, required);
  assert.equal(required.version, require('kaohe/package.json').version);
  assert.throws(() => new required.Formula('1 +'), imported.SchemeError);
});

test('the types are those of every export, strictly', () => {
  const compiler = require.resolve('typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--module', 'nodenext'];
  try {
    execFileSync(process.execPath, [compiler, ...options, here('types/use.mts'), here('types/use.cts')], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test('it works in worker threads', async () => {
  const script = "const { parentPort } = require('node:worker_threads'); parentPort.postMessage(new (require('kaohe').Formula)('1/3*3').evaluate());";
  const answer = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(script.replaceAll("'kaohe'", JSON.stringify(here('../index.js'))), { eval: true });
      worker.once('message', resolve).once('error', reject);
    });
  assert.deepEqual(await Promise.all([answer(), answer()]), ['1', '1']);
});

test('the package has what it needs and nothing else', () => {
  const { files } = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: here('..'), encoding: 'utf8' }))[0];
  const names = files.map(({ path }) => path);
  for (const name of ['index.js', 'index.mjs', 'index.d.ts', 'index.d.mts', 'native.js', 'README.md', 'lib/scheme.js']) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(names.filter((name) => /^(src|__test__|node_modules|target)/.test(name)), []);
});
