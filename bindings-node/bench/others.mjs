// The workload written by hand, as one would without a library that knows it: totals, and tiers by their number.
import zen from '@gorules/zen-engine';
import { Decimal } from 'decimal.js';

import { THRESHOLDS } from './workload.mjs';

/** One expression of the rule engine, evaluated at once for a row. It gives the total; the tier is looked up here. */
export function zenRow(row) {
  const total = zen.evaluateExpressionSync(EXPRESSION, row);
  return [Number(total), THRESHOLDS.findIndex((least) => total >= least)];
}

const rate = (part, whole) => `((${whole}) == 0 ? 0 : round((${part}) / (${whole}), 4))`;
const completion = (part, whole) => `min([${rate(part, whole)} * 100, 120])`;
const collected = rate('int_col', 'int_due');
const EXPRESSION = `round((
  20 * ${completion('dep', 'dep_tgt')} + 15 * ${completion('loan', 'loan_tgt')} + 10 * ${completion('cust', 'cust_tgt')}
  + 10 * ${completion('dep + loan', 'dep_tgt + loan_tgt')}
  + 15 * (${collected} >= 0.98 ? 100 : ${collected} >= 0.95 ? 90 : ${collected} >= 0.9 ? 75 : ${collected} >= 0.8 ? 50 : 0)
  + 10 * max([20, min([100, 100 - (${rate('npl', 'npl_lim')} - 0.5) * 80])])
  + 10 * max([0, 100 - 5 * compl]) + 10 * satisf) / 100, 2)`;

const D = (value) => new Decimal(value);
const ZERO = D(0);
const HUNDRED = D(100);
const BANDS = [[D('0.98'), 100], [D('0.95'), 90], [D('0.9'), 75], [D('0.8'), 50]];
const LEAST = THRESHOLDS.map(D);
const decimalRate = (part, whole) => (whole.isZero() ? ZERO : part.div(whole).toDecimalPlaces(4, Decimal.ROUND_HALF_UP));
const decimalCompletion = (part, whole) => Decimal.min(decimalRate(part, whole).times(HUNDRED), 120);

/** Decimals written by hand. */
export function decimalRow(row) {
  const dep = D(row.dep);
  const depTarget = D(row.dep_tgt);
  const loan = D(row.loan);
  const loanTarget = D(row.loan_tgt);
  const collected = decimalRate(D(row.int_col), D(row.int_due));
  const bad = decimalRate(D(row.npl), D(row.npl_lim));
  const band = BANDS.find(([least]) => collected.gte(least))?.[1] ?? 0;
  const total = decimalCompletion(dep, depTarget)
    .times(20)
    .plus(decimalCompletion(loan, loanTarget).times(15))
    .plus(decimalCompletion(D(row.cust), D(row.cust_tgt)).times(10))
    .plus(decimalCompletion(dep.plus(loan), depTarget.plus(loanTarget)).times(10))
    .plus(15 * band)
    .plus(Decimal.max(20, Decimal.min(HUNDRED, HUNDRED.minus(bad.minus('0.5').times(80)))).times(10))
    .plus(10 * Math.max(0, 100 - 5 * row.compl))
    .plus(D(row.satisf).times(10))
    .div(HUNDRED)
    .toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
  return [total.toNumber(), LEAST.findIndex((least) => total.gte(least))];
}

const plainRate = (part, whole) => (whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4);

/** A loop over JavaScript numbers, column by column in, totals and tiers out: fast, and a few people in a million wrong. */
export function plainLoop(columns) {
  const { dep, dep_tgt, loan, loan_tgt, int_due, int_col, npl, npl_lim, cust, cust_tgt, compl, satisf } = columns;
  const totals = new Float64Array(dep.length);
  const tiers = new Int32Array(dep.length);
  for (let at = 0; at < dep.length; at += 1) {
    const collected = plainRate(int_col[at], int_due[at]);
    const band = collected >= 0.98 ? 100 : collected >= 0.95 ? 90 : collected >= 0.9 ? 75 : collected >= 0.8 ? 50 : 0;
    const points =
      20 * Math.min(plainRate(dep[at], dep_tgt[at]) * 100, 120) +
      15 * Math.min(plainRate(loan[at], loan_tgt[at]) * 100, 120) +
      10 * Math.min(plainRate(cust[at], cust_tgt[at]) * 100, 120) +
      10 * Math.min(plainRate(dep[at] + loan[at], dep_tgt[at] + loan_tgt[at]) * 100, 120) +
      15 * band +
      10 * Math.max(20, Math.min(100, 100 - (plainRate(npl[at], npl_lim[at]) - 0.5) * 80)) +
      10 * Math.max(0, 100 - 5 * compl[at]) +
      10 * satisf[at];
    const total = Math.round(points) / 100;
    totals[at] = total;
    tiers[at] = total >= 95 ? 0 : total >= 90 ? 1 : total >= 85 ? 2 : total >= 80 ? 3 : total >= 75 ? 4 : total >= 70 ? 5 : total >= 65 ? 6 : total >= 60 ? 7 : 8;
  }
  return { totals, tiers };
}
