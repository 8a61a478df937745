// Errors are of classes of their own, with stable codes, in both languages.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { CellError, DataError, Formula, KaoheError, Scheme, SchemeError } from '../index.mjs';
import { path, text } from './support/files.mjs';

const thrown = (work) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
};

test('a scheme that is wrong tells all of it, with its places', () => {
  const source = text('examples/bank_quarter/scheme-figures.yaml').replace('日均增量 / 增量计划', '日均增辆 / 增量计划').replace('gate: 60%', 'gaet: 60%');
  const error = thrown(() => Scheme.parse(source));
  assert.ok(error instanceof SchemeError && error instanceof KaoheError && error instanceof Error);
  assert.equal(error.name, 'SchemeError');
  const codes = error.diagnostics.map(({ code }) => code);
  assert.ok(codes.includes('K0301') && codes.includes('K0101'), codes.join());
  assert.equal(error.code, error.diagnostics.find(({ severity }) => severity === 'error').code);
  const unknown = error.diagnostics.find(({ code }) => code === 'K0301');
  assert.equal(unknown.underlined, '日均增辆');
  assert.equal(source.split('\n')[unknown.line - 1], unknown.text);
  assert.equal([...unknown.text].slice(unknown.column - 1, unknown.endColumn - 1).join(''), '日均增辆');
  assert.match(unknown.help, /日均增量/);
  assert.deepEqual(Scheme.check(source), error.diagnostics);
  const more = error.diagnostics.filter(({ severity }) => severity === 'error').length - 1;
  assert.match(error.message, new RegExp(`^line \\d+, column \\d+: .*\\[K\\d+\\] \\(and ${more} more\\)$`));
  assert.match(error.messageZh, new RegExp(`^第 \\d+ 行第 \\d+ 列：.*\\[K\\d+\\]（另有 ${more} 处）$`));
});

test('errors are told in Chinese too', () => {
  const error = thrown(() => new Formula('日均存款 + '));
  assert.match(error.messageZh, /[\u4e00-\u9fff]/);
  assert.match(error.render('zh'), /^错误\[K02/);
  assert.match(error.render('zh-CN'), /^错误\[K02/);
  assert.match(error.render(), /^error\[K02/);
  assert.equal(thrown(() => error.render('fr')).code, 'K0104');
  const cell = thrown(() => new Formula('a / b').evaluate({ a: 1, b: 0 }));
  assert.ok(cell instanceof CellError);
  assert.deepEqual([cell.code, cell.messageZh, cell.underlined], ['K0902', '`a / b` 的除数为零', 'a / b']);
  const data = thrown(() => new Formula('日均存款').evaluate({ 日均存歀: 1 }));
  assert.ok(data instanceof DataError);
  assert.deepEqual([data.code, data.offenders], ['K0805', ['日均存歀']]);
  assert.match(data.messageZh, /方案没有/);
  assert.match(data.helpZh, /日均存款/);
});

test('a file is named in what is said about it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaohe-'));
  try {
    const file = join(folder, '方案.yaml');
    writeFileSync(file, 'kaohe: 1\nscheme: 例\ninputs:\n  a: { type: numbr }\n');
    assert.match(thrown(() => Scheme.load(file)).render(), /方案\.yaml:4:/);
    assert.match(thrown(() => Scheme.load(pathToFileURL(file))).render('zh'), /:4:/);
    writeFileSync(file, Buffer.from([0xb7, 0xbd, 0xb0, 0xb8])); // 方案 in GBK
    assert.equal(thrown(() => Scheme.load(file)).code, 'K0003');
    writeFileSync(file, `\ufeff${text('examples/bank_quarter/scheme-figures.yaml')}`);
    assert.equal(Scheme.load(file).name, '客户经理季度考核');
    assert.equal(thrown(() => Scheme.load(join(folder, 'none.yaml'))).code, 'ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is no text is refused', () => {
  for (const work of [() => new Formula(1), () => Scheme.parse(null), () => Scheme.check({}), () => Scheme.load(path('examples/bank_quarter/scheme-figures.yaml')).withAsOf(1)]) {
    assert.ok(thrown(work) instanceof DataError);
  }
  assert.throws(() => new Scheme(), TypeError);
});

test('a day that is none is refused', () => {
  const scheme = Scheme.load(path('examples/bank_quarter/scheme-figures.yaml'));
  assert.equal(scheme.withAsOf('2026-08-01').asOf, '2026-08-01');
  const error = thrown(() => scheme.withAsOf('2026-8-1'));
  assert.deepEqual([error.name, error.code], ['DataError', 'K0106']);
  assert.match(error.messageZh, /[\u4e00-\u9fff]/);
});

test('no text makes it hang or fall over', () => {
  for (const source of ['('.repeat(100_000), '1+'.repeat(100_000), '-'.repeat(10_000) + '1', 'if '.repeat(5000), '\0', '9'.repeat(100_000)]) {
    assert.ok(thrown(() => new Formula(source)) instanceof SchemeError);
  }
  for (const source of ['', '[', '{'.repeat(10_000), '- '.repeat(10_000), 'a: '.repeat(1000), '&a [*a]', '\0', 'x'.repeat(1_000_000)]) {
    assert.ok(thrown(() => Scheme.parse(source)) instanceof SchemeError);
  }
});
