// The case tables that Rust and Python read too: values to the last digit, faults by their codes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

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
