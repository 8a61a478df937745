// The examples: their people, and the figures that were worked out apart from this library.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Explanation, Scheme } from '../index.mjs';
import { columnsOf, csv, examples, facts, path, text } from './support/files.mjs';

const CODES = {
  missing: 'K0901', division_by_zero: 'K0902', out_of_range: 'K0903', not_whole: 'K0904', no_choice: 'K0907', weights: 'K0917',
  no_answer: 'K0940', no_mark: 'K0941', too_few: 'K0942',
};

/** The values of the run that the expected figures of an example are for. */
const GIVEN = { 'examples/public_pool/scheme.yaml': { 上期结转: '250.50' } };

/** The faults of a row at their roots and the keys of those left out, in the words of the expected tables. */
function beside(errors) {
  const roots = errors.filter(({ blockedBy, code }) => blockedBy === null && code !== 'K0927');
  const left = errors.flatMap(({ leftOut }) => leftOut);
  return [roots.map(({ column, code }) => `${column}:${code}`).join(' '), [...new Set(left)].sort().join(' ')];
}

let scored = 0;
for (const { folder, which, scheme: file } of examples()) {
  const scheme = Scheme.load(path(file));
  test(`every person of ${file} comes out, in either form`, async () => {
    const staff = facts(`${folder}/staff${which}.csv`);
    const tables = scheme.details.map(({ name }) => [name, facts(`${folder}/${name}.csv`)]);
    const option = (kind) => Object.fromEntries(tables.filter(([table]) => scheme.details.some((each) => each.name === table && each.kind === kind)));
    const [details, answers, ratings] = ['details', 'answers', 'ratings'].map(option);
    const columns = Object.fromEntries(tables.map(([name, rows]) => [name, columnsOf(rows)]));
    const given = GIVEN[file] ?? {};
    const result = await scheme.score(staff, { details, answers, ratings, given });
    const other = await scheme.score(columnsOf(staff), { details: columns, given, threads: 1 });
    assert.deepEqual([other.rows, other.errors, other.complete], [result.rows, result.errors, result.complete]);
    const key = scheme.inputs.find((input) => input.key).name;
    const expected = csv(`${folder}/expected${which}.csv`);
    assert.equal(result.length, expected.length);
    for (const { fault = '', left_out: leftOut = '', ...want } of expected) {
      const at = result.rows.findIndex((row) => row[key] === want[key]);
      for (const [column, figure] of Object.entries(want)) {
        assert.equal(String(result.rows[at][column] ?? ''), figure, `${want[key]}, ${column}`);
        scored += 1;
      }
      const codes = fault.replace(/: (\w+)/g, (_, word) => `:${CODES[word] ?? word}`);
      assert.deepEqual(beside(result.errors.filter(({ row }) => row === at)), [codes, leftOut], want[key]);
    }
    assert.equal(result.complete, result.errors.length === 0);
  });
  test(`the worked examples of ${file} pass`, () => {
    assert.deepEqual(scheme.runCases().filter(({ verdict }) => verdict !== 'passed'), []);
  });
}

test('the examples are there', () => {
  assert.ok(scored > 2000, `${scored} figures`);
});

const scheme = Scheme.load(path('examples/bank_quarter/scheme.yaml'));
const staff = facts('examples/bank_quarter/staff.csv');
const all = Object.fromEntries(scheme.details.map(({ name }) => [name, facts(`examples/bank_quarter/${name}.csv`)]));
const detailsOf = (key) => Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows.filter((row) => row.工号 === key)]));

test('one row with its detail rows and a table give the same', async () => {
  const { rows, errors } = await scheme.score(staff, { details: all });
  for (const [at, row] of staff.entries()) {
    const { figures, problems } = scheme.scoreRow(row, { details: detailsOf(row.工号) });
    assert.deepEqual(figures, rows[at]);
    const told = (each) => [each.column, each.code, each.blockedBy, each.detail?.table];
    assert.deepEqual(problems.map(told), errors.filter(({ row: place }) => place === at).map(told), row.工号);
  }
});

test('a scheme tells what it is and what it needs', () => {
  assert.deepEqual([scheme.name, scheme.edition, scheme.asOf], ['客户经理季度考核', '2026Q3', '2026-09-30']);
  assert.match(scheme.source, /^# A bank's quarterly appraisal/);
  assert.deepEqual(scheme.warnings, Scheme.check(scheme.source));
  const [key] = scheme.inputs;
  assert.deepEqual([key.name, key.type, key.key, key.headers], ['工号', 'text', true, ['员工编号']]);
  const input = scheme.inputs.find(({ name }) => name === '重大案件');
  assert.deepEqual([input.required, input.default], [false, false]);
  const columns = new Map(scheme.columns.map((column) => [column.name, column]));
  assert.deepEqual([columns.get('综合得分').places, columns.get('综合得分').role], [2, 'total']);
  assert.deepEqual(columns.get('等级').values, ['D', 'C', 'B', 'A', 'S']);
  const [deposits, entries] = scheme.details;
  assert.deepEqual([deposits.name, deposits.key, deposits.headers, deposits.unique], ['存款', '工号', ['员工编号'], []]);
  const told = deposits.columns.map(({ name, type, unit, places }) => [name, type, unit, places]);
  assert.deepEqual(told, [['产品', 'choice', null, null], ['起', 'date', null, null], ['止', 'date', null, null], ['余额', 'number', '元', 2]]);
  assert.deepEqual(deposits.columns[0].values, ['对公', '储蓄', '保证金']);
  assert.deepEqual(entries.columns.map(({ name, required }) => [name, required]), [['日期', true], ['事由', true], ['分值', true]]);
  assert.deepEqual(scheme.given, []);
});

test('its worked examples all pass', () => {
  const figures = Scheme.load(path('examples/bank_quarter/scheme-figures.yaml')).runCases();
  assert.ok(figures.length > 10);
  assert.deepEqual(figures.filter(({ verdict }) => verdict !== 'passed'), []);
});

test('a worked example that fails says whose figure it is', () => {
  const source = text('examples/tobacco_grades/scheme-grades.yaml').replace('P02: { 综合得分: 91.40', 'P02: { 综合得分: 91.41');
  const [failed] = Scheme.parse(source).runCases().filter(({ verdict }) => verdict === 'failed');
  assert.deepEqual(failed.differences, [{ key: 'P02', column: '综合得分', expected: '91.41', found: '91.40', foundZh: '91.40' }]);
});

test('a figure is explained as data and as text, in both languages', () => {
  const details = detailsOf('001');
  const why = scheme.explain(staff[0], '综合得分', { details });
  assert.ok(why instanceof Explanation);
  assert.equal(why.data.explanation, 2);
  assert.deepEqual(why.toJSON(), why.data);
  assert.ok(JSON.stringify(why).includes(scheme.fingerprint));
  assert.match(String(why), /92\.90/);
  const zh = scheme.explain(staff[0], '综合得分', { details, lang: 'zh' });
  assert.notEqual(zh.text, why.text);
  assert.match(zh.text, /92\.90/);
  assert.deepEqual(zh.data, why.data);
  assert.ok(scheme.explain(staff[0], null, { details }).text.length > 0);
  assert.doesNotMatch(scheme.explain(staff[0], '综合得分').text, /92\.90/); // without its detail rows
  const absent = scheme.explain(staff.find(({ 工号 }) => 工号 === '015'), '综合得分', { details: detailsOf('015') });
  assert.match(absent.text, /实收利息/); // whose fact is missing
  assert.throws(() => scheme.explain(staff[0], '综合得份', { details }), { name: 'DataError', code: 'K0805', help: /综合得分/ });
  assert.throws(() => scheme.explain(staff[0], 7), { name: 'DataError' });
  assert.throws(() => scheme.explain(staff[0], '综合得分', { lang: 'fr' }), { name: 'DataError', code: 'K0104' });
  assert.throws(() => scheme.explain(staff[0], '综合得分', { asOf: '2026-09-30' }), { name: 'DataError', code: 'K0101', help: /withAsOf/ });
});

test('the fingerprint is of what is computed, not of how it is written', () => {
  assert.match(scheme.fingerprint, /^sha256:[0-9a-f]{64}$/);
  assert.equal(Scheme.parse(`# another comment\n${scheme.source}`).fingerprint, scheme.fingerprint);
  assert.notEqual(Scheme.parse(scheme.source.replace('gate: 60%', 'gate: 61%')).fingerprint, scheme.fingerprint);
});
