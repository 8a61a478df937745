// The bank's quarter: its people, and the figures that were worked out apart from this library.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Explanation, Scheme } from '../index.mjs';
import { csv, path } from './support/files.mjs';

const scheme = Scheme.load(path('examples/bank_quarter/scheme-figures.yaml'));
const staff = csv('examples/bank_quarter/staff-figures.csv').map((row) => ({
  ...row,
  // percentages are for people; the library takes decimals
  流失率: row.流失率.endsWith('%') ? (Number(row.流失率.slice(0, -1)) / 100).toFixed(4) : row.流失率,
}));
const expected = csv('examples/bank_quarter/expected-figures.csv');
const CODES = { missing: 'K0901', division_by_zero: 'K0902', out_of_range: 'K0903' };

test('every figure of the bank example is as expected', async () => {
  const { rows, errors } = await scheme.score(staff);
  assert.equal(rows.length, expected.length);
  for (const [at, { fault, ...want }] of expected.entries()) {
    for (const [column, figure] of Object.entries(want)) {
      assert.equal(rows[at][column] ?? '', figure, `row ${want.工号}, ${column}`);
    }
    const faults = errors.filter(({ row, blockedBy }) => row === at && blockedBy === null).map(({ column, code }) => `${column}: ${code}`);
    const [column, cause] = fault.split(': ');
    assert.deepEqual(faults, fault === '' ? [] : [`${column}: ${CODES[cause]}`], `row ${want.工号}`);
  }
});

test('one row and a table give the same', async () => {
  const { rows } = await scheme.score(staff);
  for (const [at, row] of staff.entries()) assert.deepEqual(scheme.scoreRow(row).figures, rows[at]);
});

test('a scheme tells what it is and what it needs', () => {
  assert.deepEqual([scheme.name, scheme.edition, scheme.asOf], ['客户经理季度考核', '2026Q3', '2026-09-30']);
  assert.match(scheme.source, /^# A bank's quarterly appraisal/);
  assert.deepEqual(scheme.warnings, []);
  const [key] = scheme.inputs;
  assert.deepEqual([key.name, key.type, key.key, key.headers], ['工号', 'text', true, ['员工编号']]);
  const input = scheme.inputs.find(({ name }) => name === '加减分值');
  assert.deepEqual([input.required, input.default], [false, '0']);
  const columns = new Map(scheme.columns.map((column) => [column.name, column]));
  assert.deepEqual([columns.get('综合得分').places, columns.get('综合得分').role], [2, 'total']);
  assert.deepEqual(columns.get('等级').values, ['D', 'C', 'B', 'A', 'S']);
});

test('its worked examples all pass', () => {
  const cases = scheme.runCases();
  assert.ok(cases.length > 10);
  assert.deepEqual(cases.filter(({ verdict }) => verdict !== 'passed'), []);
});

test('a figure is explained as data and as text, in both languages', () => {
  const why = scheme.explain(staff[0], '综合得分');
  assert.ok(why instanceof Explanation);
  assert.equal(why.data.explanation, 1);
  assert.deepEqual(why.toJSON(), why.data);
  assert.ok(JSON.stringify(why).includes(scheme.fingerprint));
  assert.match(String(why), /92\.90/);
  const zh = scheme.explain(staff[0], '综合得分', { lang: 'zh' });
  assert.notEqual(zh.text, why.text);
  assert.match(zh.text, /92\.90/);
  assert.deepEqual(zh.data, why.data);
  assert.ok(scheme.explain(staff[0]).text.length > 0);
  assert.match(scheme.explain(staff[15], '综合得分').text, /实收利息/); // whose fact is missing
  assert.throws(() => scheme.explain(staff[0], '综合得份'), { name: 'DataError', code: 'K0805', help: /综合得分/ });
  assert.throws(() => scheme.explain(staff[0], 7), { name: 'DataError' });
  assert.throws(() => scheme.explain(staff[0], '综合得分', { lang: 'fr' }), { name: 'DataError', code: 'K0104' });
});

test('the fingerprint is of what is computed, not of how it is written', () => {
  assert.match(scheme.fingerprint, /^sha256:[0-9a-f]{64}$/);
  assert.equal(Scheme.parse(`# another comment\n${scheme.source}`).fingerprint, scheme.fingerprint);
  assert.notEqual(Scheme.parse(scheme.source.replace('gate: 60%', 'gate: 61%')).fingerprint, scheme.fingerprint);
});
