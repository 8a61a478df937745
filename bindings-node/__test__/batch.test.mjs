// Tables: off the event loop, in either shape, equal to their rows, abortable.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DataError, KaoheError, Result, Scheme } from '../index.mjs';
import { columnsOf, path } from './support/files.mjs';
import { people, reference } from './support/workload.mjs';

const scheme = Scheme.load(path('examples/workload/scheme.yaml'));
const staff = people(1000);
const crowd = (count) => Array.from({ length: count }, (_, at) => ({ ...staff[at % staff.length], id: `E${at}` }));
const refused = async (work) => {
  const error = await work().then(() => assert.fail('nothing was thrown'), (reason) => reason);
  assert.ok(error instanceof DataError, error.stack);
  return error;
};

test('a thousand people get the totals and tiers of an arithmetic of its own', async () => {
  const { rows, complete } = await scheme.score(staff);
  assert.ok(complete);
  for (const [at, row] of staff.entries()) {
    const { total, tier } = reference(row);
    assert.deepEqual([rows[at].total, rows[at].tier], [total, tier], row.id);
  }
});

test('a table is nothing more than its rows, in either shape, on any number of threads', async () => {
  // a missing target, a fault, and a cell of another kind make a block's columns of every form
  const odd = staff.map((row, at) => (at % 97 === 5 ? { ...row, dep: null } : at % 89 === 7 ? { ...row, cust: '1.5' } : row));
  const byRows = await scheme.score(odd);
  const byColumns = await scheme.score(columnsOf(odd), { threads: 1 });
  assert.ok(byRows instanceof Result && !byRows.complete);
  assert.equal(byRows.length, 1000);
  assert.deepEqual(byColumns.rows, byRows.rows);
  assert.deepEqual(byColumns.columns, byRows.columns);
  assert.deepEqual(byColumns.errors, byRows.errors);
  for (const [at, row] of odd.entries()) {
    const { figures, problems } = scheme.scoreRow(row);
    assert.deepEqual(byRows.rows[at], figures);
    const wanted = problems.map((each) => ({ row: at, key: row.id, ...each }));
    assert.deepEqual(byRows.errors.filter((each) => each.row === at), wanted);
  }
});

test('columns of numbers may be typed arrays', async () => {
  const columns = columnsOf(staff);
  const typed = { ...columns, dep: Float64Array.from(columns.dep, Number), compl: Int32Array.from(columns.compl, Number) };
  const { rows } = await scheme.score(typed);
  assert.deepEqual(rows, (await scheme.score(columns)).rows);
});

test('an empty table has no rows', async () => {
  const columns = Object.fromEntries(scheme.inputs.map(({ name }) => [name, []]));
  const result = await scheme.score(columns);
  assert.deepEqual([result.length, result.rows, result.errors, result.complete], [0, [], [], true]);
  assert.deepEqual(Object.keys(result.columns), scheme.columns.map(({ name }) => name));
});

test('the event loop goes on while a batch is scored', async () => {
  const many = crowd(200_000);
  let settled = false;
  let ticks = 0;
  const timer = setInterval(() => {
    assert.ok(!settled);
    ticks += 1;
  }, 1);
  const { rows } = await scheme.score(many);
  settled = true;
  clearInterval(timer);
  assert.ok(ticks > 10, `the timer fired ${ticks} times`);
  assert.equal(rows.length, many.length);
  assert.deepEqual({ ...rows[199_999], id: '' }, { ...rows[999], id: '' });
});

test('the event loop turns between the blocks that are taken over', async () => {
  let turns = 0;
  let spinning = true;
  const spin = () => {
    turns += 1;
    if (spinning) setImmediate(spin);
  };
  spin();
  const rows = crowd(20_000);
  const read = [];
  for (const row of [rows[0], rows.at(-1)]) {
    const { dep } = row;
    Object.defineProperty(row, 'dep', { enumerable: true, get: () => (read.push(turns), dep) });
  }
  await scheme.score(rows);
  spinning = false;
  assert.ok(read.at(-1) - read[0] > 20, `read in turns ${read}`);
});

test('names that JavaScript has its own meaning for are only names', async () => {
  const named = Scheme.parse(
    'kaohe: 1\nscheme: 例\ninputs:\n  id: { type: text, key: true }\n  constructor: { type: number }\ncomputed:\n  __proto__: constructor + 1\n',
  );
  const rows = [{ id: '1', constructor: 1 }, { id: '2' }];
  const result = await named.score(rows);
  assert.deepEqual(result.rows.map(Object.entries), [[['id', '1'], ['__proto__', '2']], [['id', '2'], ['__proto__', null]]]);
  assert.deepEqual(Object.entries(result.columns), [['id', ['1', '2']], ['__proto__', ['2', null]]]);
  const errors = result.errors.map(({ row, key, code, blockedBy }) => [row, key, code, blockedBy]);
  assert.deepEqual(errors, [[1, '2', 'K0901', null], [1, '2', 'K0920', 'constructor']]);
});

test('a batch can be aborted before and while it is scored', async () => {
  const isAbort = (error) => error.name === 'AbortError' && error.code === 'ABORT_ERR' && error.cause === 'enough';
  await assert.rejects(scheme.score(staff, { signal: AbortSignal.abort('enough') }), isAbort);
  const many = crowd(200_000);
  const taking = new AbortController();
  setTimeout(() => taking.abort('enough'), 0);
  await assert.rejects(scheme.score(many, { signal: taking.signal }), isAbort);
  // when the last row has been taken over, what is left is to score
  const scoring = new AbortController();
  const last = many.at(-1);
  let reads = 0;
  Object.defineProperty(last, 'branch', { enumerable: true, get: () => (reads += 1, setImmediate(() => scoring.abort('enough')), 'B0') });
  await assert.rejects(scheme.score(many, { signal: scoring.signal }), isAbort);
  assert.ok(reads > 0);
  const late = new AbortController();
  const { rows } = await scheme.score(staff, { signal: late.signal });
  late.abort();
  assert.equal(rows.length, 1000);
});

test('many batches at once do not mix', async () => {
  const lengths = Array.from({ length: 16 }, (_, at) => 100 + at * 37);
  const results = await Promise.all(lengths.map((length) => scheme.score(staff.slice(0, length))));
  for (const [at, { rows }] of results.entries()) {
    assert.equal(rows.length, lengths[at]);
    assert.equal(rows.at(-1).id, staff[lengths[at] - 1].id);
  }
});

test('a table without what the scheme reads is one error that names all of it', async () => {
  const error = await refused(() => scheme.score(staff.map(({ dep, cust_tgt, ...row }) => row)));
  assert.deepEqual([error.code, error.offenders], ['K0801', ['dep', 'cust_tgt']]);
  assert.match(error.messageZh, /表中缺少/);
});

test('every row has a key of its own', async () => {
  const twice = await refused(() => scheme.score([...staff, staff[3], { ...staff[0], id: 'E00005' }]));
  assert.deepEqual([twice.code, twice.offenders], ['K0802', ['E00003', 'E00005']]);
  assert.match(twice.message, /`E00003` \(3, 1000\)/);
  const absent = await refused(() => scheme.score(staff.map((row, at) => (at % 400 === 2 ? { ...row, id: null } : row))));
  assert.deepEqual([absent.code, absent.offenders], ['K0803', ['2', '402', '802']]);
});

test('cells and rows that are none are named, all of them', async () => {
  const wrong = staff.map((row, at) => (at === 3 || at === 700 ? { ...row, dep: new Date(0) } : row));
  const cells = await refused(() => scheme.score(wrong));
  assert.deepEqual([cells.code, cells.offenders], ['K0906', ['dep[3]', 'dep[700]']]);
  assert.deepEqual((await refused(() => scheme.score([staff[0], null, 7]))).offenders, ['1', '2']);
  const short = { ...columnsOf(staff), dep: [1] };
  assert.deepEqual((await refused(() => scheme.score(short))).offenders, ['dep']);
  assert.deepEqual((await refused(() => scheme.score({ ...columnsOf(staff), dep: 'x' }))).offenders, ['dep']);
  for (const table of [null, undefined, 7, 'x', new Map()]) assert.equal((await refused(() => scheme.score(table))).code, 'K0906');
});

test('what is not read says so, and what does not exist too', async () => {
  for (const options of [{ ratings: [] }, { answers: [] }]) {
    assert.equal((await refused(() => scheme.score(staff, options))).code, 'K0809');
  }
  assert.equal((await refused(() => scheme.score(Buffer.from('ARROW1')))).code, 'K0832');
  assert.equal((await refused(() => scheme.score(staff, { sginal: 1 }))).code, 'K0101');
  for (const threads of [0, -1, 1.5, '2', NaN]) await refused(() => scheme.score(staff, { threads }));
  for (const asOf of ['2026-13-01', 7]) await refused(() => scheme.score(staff, { asOf }));
  assert.ok((await refused(() => scheme.score(staff, { asOf: 'x' }))) instanceof KaoheError);
});

test('a name misspelt in some rows is refused as one row would be, and no fault is lost', async () => {
  const small = Scheme.parse(`
kaohe: 1
scheme: 例
inputs:
  工号: { type: text, key: true }
  姓名: { type: text }
  投诉次数: { type: number, missing: 0 }
  年龄: { type: number }
computed:
  扣分: 投诉次数 * 2
`);
  const good = { 工号: '1', 姓名: '甲', 投诉次数: 3, 年龄: 30 };
  const misspelt = { 工号: '2', 姓名: '乙', 投诉次教: 3, 年龄: 30 };
  const error = await refused(() => small.score([good, misspelt]));
  assert.equal(error.code, 'K0805');
  const bare = { 工号: '3', 姓名: null, 投诉次数: 1, 年龄: null };
  const { complete, errors } = await small.score([good, bare]);
  assert.equal(complete, false);
  assert.deepEqual(errors.map((each) => each.column).sort(), ['姓名', '年龄']);
  const floats = { 工号: ['1'], 姓名: ['甲'], 投诉次数: new Float32Array([1234.56]), 年龄: [30] };
  assert.equal((await refused(() => small.score(floats))).code, 'K0906');
});
