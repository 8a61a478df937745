// How fast the Node package is, beside what one would use instead: `node bench/run.mjs [FOLDER]`, after `npm run build` and
// `npm install` in this folder. Answers are checked before anything is timed; the rounds of all take turns, and of each the
// median counts.
import { availableParallelism, cpus } from 'node:os';

import { Scheme } from '../index.mjs';
import { decimalRow, plainLoop, zenRow } from './others.mjs';
import { SCHEME, TIERS, floats, rows, scaled, units } from './workload.mjs';

const MANY = 1_000_000;
const ROUNDS = 9;
const ROWS = 20_000;

const all = units(MANY, process.argv[2]);
const columns = floats(all);
const exact = scaled(all);
const people = rows(columns, ROWS);
const scheme = Scheme.load(SCHEME);
const wanted = (at) => [Number(all.total[at]) / 100, Number(all.tier[at])];

/** How many answers are not those of the reference. */
function wrong(count, answer) {
  let found = 0;
  for (let at = 0; at < count; at += 1) {
    const [total, tier] = answer(at);
    const [wantedTotal, wantedTier] = wanted(at);
    if (Math.abs(total - wantedTotal) > 0.001 || (tier === -1 ? 8 : tier) !== wantedTier) found += 1;
  }
  return found;
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** Times things in turn: `each` are their names, the work, and what is made before its clock starts; the first round is for
 * warmth. */
async function inTurn(each) {
  const times = new Map(each.map(([name]) => [name, []]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, work, prepare] of each) {
      const given = prepare?.();
      const start = performance.now();
      await work(given);
      if (round >= 0) times.get(name).push(performance.now() - start);
    }
  }
  return new Map([...times].map(([name, spent]) => [name, median(spent)]));
}

function table(title, times, count, errors, first) {
  console.log(`\n${title}\n`);
  console.log('| | rows/s | times | wrong |\n|---|---:|---:|---:|');
  for (const [name, spent] of times) {
    const rate = (count / spent) * 1000;
    const shown = rate >= 1e6 ? `${(rate / 1e6).toFixed(2)} M` : `${(rate / 1e3).toFixed(1)} k`;
    console.log(`| ${name} | ${shown} | ${(times.get(first) / spent).toFixed(2)} | ${errors.get(name)} |`);
  }
}

const score = (row) => {
  const { figures } = scheme.scoreRow(row);
  return [Number(figures.total), TIERS.indexOf(figures.tier)];
};
const byRow = [['decimal.js by hand', decimalRow], ['zen-engine, sync expression', zenRow], ['kaohe scoreRow(object)', score]];
const rowErrors = new Map(byRow.map(([name, work]) => [name, wrong(ROWS, (at) => work(people[at]))]));
if (rowErrors.get('kaohe scoreRow(object)') > 0) throw new Error('scoreRow is wrong');

const batch = async (table, options) => {
  const result = await scheme.score(table, { columns: ['total', 'tier'], text: false, ...options });
  if (!result.complete) throw new Error('not all figures are there');
  return result.typedColumns();
};
const checked = async (table, options) => {
  const { total, tier } = await batch(table, options);
  const number = tier.words.map((word) => TIERS.indexOf(word));
  return wrong(MANY, (at) => [Number(total.units[at]) / 100, number[tier.codes[at]]]);
};
const threads = availableParallelism();
/** Columns that may be given away. */
const fresh = () => Object.fromEntries(Object.entries(columns).map(([name, numbers]) => [name, numbers.slice()]));
const byColumn = [
  ['plain loop over numbers', () => plainLoop(columns)],
  ['kaohe, Float64Array, 1 thread', () => batch(columns, { threads: 1 })],
  [`kaohe, Float64Array, ${threads} threads`, () => batch(columns, { threads })],
  ['kaohe, Float64Array handed over, 1 thread', (given) => batch(given, { threads: 1, transfer: true }), fresh],
  [`kaohe, Float64Array handed over, ${threads} threads`, (given) => batch(given, { threads, transfer: true }), fresh],
  ['kaohe, units in BigInt64Array, 1 thread', () => batch(exact, { threads: 1 })],
  [`kaohe, units in BigInt64Array, ${threads} threads`, () => batch(exact, { threads })],
];
const plain = plainLoop(columns);
const batchErrors = new Map([
  [byColumn[0][0], wrong(MANY, (at) => [plain.totals[at], plain.tiers[at]])],
  [byColumn[1][0], await checked(columns, { threads: 1 })],
  [byColumn[2][0], await checked(columns, { threads })],
  [byColumn[3][0], await checked(fresh(), { threads: 1, transfer: true })],
  [byColumn[4][0], await checked(fresh(), { threads, transfer: true })],
  [byColumn[5][0], await checked(exact, { threads: 1 })],
  [byColumn[6][0], await checked(exact, { threads })],
]);
for (const [name, count] of batchErrors) if (name.startsWith('kaohe') && count > 0) throw new Error(`${name}: ${count} wrong`);

console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${threads} threads; medians of ${ROUNDS} rounds in turn`);
const someRows = byRow.map(([name, work]) => [name, () => { for (const row of people) work(row); }]);
table(`One row after the other, ${ROWS} rows`, await inTurn(someRows), ROWS, rowErrors, byRow[0][0]);
table(`Typed columns, ${MANY} rows, total and tier`, await inTurn(byColumn), MANY, batchErrors, byColumn[0][0]);
