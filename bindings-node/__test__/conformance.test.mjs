// The case tables that Rust and Python read too: values to the last digit, faults by their codes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { CellError, Formula, Scheme } from '../index.mjs';
import { tables } from './support/files.mjs';

/** A published figure in the words of the tables. */
function said(figure) {
  return figure === null ? 'missing' : String(figure);
}

/** What a column came to: its figure, or the code of its fault. */
function column(outcome, name) {
  const problem = outcome.problems.find((each) => each.column === name);
  return problem ? `fault ${problem.code}` : said(outcome.figures[name]);
}

function wanted({ want, missing, fault }) {
  if (fault !== undefined) return `fault ${fault}`;
  return missing ? 'missing' : want;
}

/** The formula as the one column of a scheme. */
function schemeOf({ formula, row = {}, types = {} }) {
  const inputs = { 编号: { type: 'text', key: true } };
  for (const name of Object.keys(row)) inputs[name] = { type: 'number' };
  for (const [name, type] of Object.entries(types)) inputs[name] = typeof type === 'string' ? { type } : type;
  const period = { kind: 'quarter', start: '2026-07-01', end: '2026-09-30' };
  return Scheme.parse(JSON.stringify({ kaohe: '1', scheme: '例', period, inputs, computed: { 结果: formula } }));
}

/** The result of a formula case in a scheme, faults told at their root. */
function inScheme(each) {
  const outcome = schemeOf(each).scoreRow({ 编号: '001', ...each.row });
  const by = outcome.problems.find((problem) => problem.column === '结果')?.blockedBy;
  return column(outcome, by ?? '结果');
}

/** The same of the formula on its own. */
function alone({ formula, row = {}, types = {} }) {
  const declared = { ...Object.fromEntries(Object.keys(row).map((name) => [name, 'number'])), ...types };
  const built = new Formula(formula, declared);
  try {
    return { got: said(built.evaluate(row)), exact: built.evaluateExact(row) };
  } catch (error) {
    if (error instanceof CellError) return { got: `fault ${error.code}` };
    throw error;
  }
}

function differences(each) {
  const found = [];
  const want = wanted(each);
  const got = inScheme(each);
  if (got !== want) found.push(`in a scheme: got ${got}, want ${want}`);
  // on its own a formula has no period
  if (/as_of|period_|评价日|期初|期末|期间/.test(each.formula)) return found;
  const own = alone(each);
  if (own.got !== want) found.push(`on its own: got ${own.got}, want ${want}`);
  if (each.exact !== undefined) {
    const exact = own.exact && `${own.exact.numerator}/${own.exact.denominator}`;
    if (exact !== each.exact) found.push(`exactly ${exact}, want ${each.exact}`);
  }
  return found;
}

for (const { name, cases } of tables('eval')) {
  test(`formulas give what ${name} says`, () => {
    const failures = [];
    for (const each of cases) {
      let found;
      try {
        found = differences(each);
      } catch (error) {
        found = [error.render?.() ?? error.message];
      }
      for (const why of found) failures.push(`${each.name}: ${each.formula}\n  ${why}`);
    }
    assert.ok(cases.length > 0);
    assert.equal(failures.join('\n'), '');
  });
}

for (const { name, cases } of tables('rules')) {
  test(`rules give what ${name} says`, () => {
    const failures = [];
    for (const each of cases) {
      const scheme = Scheme.parse(each.scheme);
      const outcome = scheme.scoreRow(each.row);
      const inputs = new Set(scheme.inputs.map((input) => input.name));
      const want = { ...each.want };
      for (const [at, code] of Object.entries(each.fault ?? {})) want[at] = `fault ${code}`;
      for (const [at, figure] of Object.entries(want)) {
        // inputs that people are not shown are no figures; their faults are told all the same
        if (inputs.has(at) && !Object.hasOwn(outcome.figures, at) && !figure.startsWith('fault ')) continue;
        const got = column(outcome, at);
        if (got !== figure) failures.push(`${each.name}\n  ${at}: got ${got}, want ${figure}`);
      }
    }
    assert.ok(cases.length > 0);
    assert.equal(failures.join('\n'), '');
  });
}

/** What a key's figures are that are not as the case says. */
function unlike({ rows, errors }, { want = {}, fault = {}, provisional = {} }, key, input) {
  const at = rows.findIndex((row) => row[input] === key);
  if (at === -1) return [`${key}: no row has this key`];
  const own = errors.filter((each) => each.row === at);
  const [later, empty] = [own.filter(({ code }) => code === 'K0927'), own.filter(({ code }) => code !== 'K0927')];
  const faults = Object.entries(fault[key] ?? {}).map(([name, code]) => [name, `fault ${code}`]);
  const found = [];
  for (const [name, figure] of [...Object.entries(want[key] ?? {}), ...faults]) {
    const got = column({ figures: rows[at], problems: empty }, name);
    if (got !== figure) found.push(`${key}: ${name}: got ${got}, want ${figure}`);
  }
  const got = Object.fromEntries(later.map(({ column: name, leftOut }) => [name, leftOut]));
  if (!isDeepStrictEqual(got, { ...provisional[key] })) found.push(`${key}: provisional are ${JSON.stringify(got)}, want ${JSON.stringify(provisional[key] ?? {})}`);
  return found;
}

const groups = [...tables('groups'), ...tables('sheets')];
test('the tables of groups are there', { skip: groups.length === 0 && 'tests/cases/groups is absent: NO group was compared' }, () => {
  assert.ok(groups.every(({ cases }) => cases.length > 0));
});

for (const { name, cases } of groups) {
  test(`groups give what ${name} says, in either form`, async () => {
    const failures = [];
    for (const each of cases) {
      const { answers, ratings } = each;
      const { name: input } = Scheme.parse(each.scheme).inputs.find((one) => one.key);
      const result = await Scheme.parse(each.scheme).score(each.rows, { answers, ratings });
      const headers = [...new Set(each.rows.flatMap(Object.keys))];
      const columns = Object.fromEntries(headers.map((header) => [header, each.rows.map((row) => row[header])]));
      assert.deepEqual((await Scheme.parse(each.scheme).score(columns, { answers, ratings })).rows, result.rows, each.name);
      const keys = new Set([each.want, each.fault, each.provisional].flatMap((part) => Object.keys(part ?? {})));
      assert.ok(keys.size > 0, each.name);
      for (const key of keys) failures.push(...unlike(result, each, key, input).map((why) => `${each.name}\n  ${why}`));
    }
    assert.equal(failures.join('\n'), '');
  });
}
