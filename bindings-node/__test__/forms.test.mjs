// One population in every form in which it can come, and in every form in which its figures go: always the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Bool, DateDay, Decimal, Dictionary, Float64, Int32, Int64, List, Table, TimestampSecond, Utf8, makeData, tableFromIPC, tableToIPC,
  vectorFromArray, Vector,
} from 'apache-arrow';

import { DataError, Scheme } from '../index.mjs';
import { path } from './support/files.mjs';
import { SCHEME, plain, population, typed } from './support/random.mjs';
import { people, reference } from './support/workload.mjs';

const scheme = Scheme.parse(SCHEME);
const workload = Scheme.load(path('examples/workload/scheme.yaml'));
const refused = async (work) => {
  const error = await work().then(() => assert.fail('nothing was thrown'), (reason) => reason);
  assert.ok(error instanceof DataError, error.stack);
  return error;
};
const told = ({ rows, columns, errors, complete, length }) => ({ rows, columns, errors, complete, length });
const text = (rows, name) => vectorFromArray(rows.map((row) => row[name]), new Utf8());

/** Decimals of so many places as Arrow holds them. */
function decimals(units, places) {
  const words = new Uint32Array(units.length * 4);
  const nulls = new Uint8Array(Math.ceil(units.length / 8));
  units.forEach((unit, at) => {
    if (unit === null) return;
    nulls[at >> 3] |= 1 << (at & 7);
    for (let word = 0; word < 4; word += 1) words[at * 4 + word] = Number((BigInt(unit) >> BigInt(32 * word)) & 0xffffffffn);
  });
  const type = new Decimal(places, 18, 128);
  return new Vector([makeData({ type, length: units.length, data: words, nullBitmap: nulls, nullCount: units.filter((unit) => unit === null).length })]);
}

test('arrays that are handed over are empty afterwards, and mean the same', async () => {
  const rows = population(2500, 3);
  const wanted = told(await scheme.score(rows));
  const given = typed(rows);
  assert.deepEqual(told(await scheme.score(given, { transfer: true })), wanted);
  assert.deepEqual([given.任务.length, given.存款.units.length, given.户数.units.length, given.网点.codes.length], [0, 0, 0, 2500]);
  // what is a part of something, or stands twice, is copied
  const twice = typed(rows);
  const part = new Float64Array(2501);
  part.set(twice.任务, 1);
  twice.任务 = part.subarray(1);
  twice.别的 = twice.户数.units;
  assert.deepEqual(told(await scheme.score(twice, { transfer: true })), wanted);
  assert.deepEqual([twice.任务.length, twice.户数.units.length], [2500, 2500]);
  const days = rows.map((row) => (row.入职 === '2026-02-30' ? { ...row, 入职: null } : row));
  const bytes = new Uint8Array(tableToIPC(arrow(days)));
  assert.deepEqual(told(await scheme.score(bytes, { transfer: true })), told(await scheme.score(days)));
  assert.equal(bytes.length, 0);
  await refused(() => scheme.score(typed(rows), { transfer: 1 }));
});

/** The same people as a table of Arrow. */
function arrow(rows) {
  const day = (cell) => (cell === null || cell === '2026-02-30' ? null : new Date(`${cell}T00:00:00Z`));
  return new Table({
    工号: text(rows, '工号'),
    网点: vectorFromArray(rows.map(({ 网点 }) => 网点), new Dictionary(new Utf8(), new Int32())),
    职级: vectorFromArray(rows.map(({ 职级 }) => 职级), new Dictionary(new Utf8(), new Int32())),
    存款: decimals(rows.map(({ 存款 }) => (存款 === null ? null : Math.round(存款 * 100))), 2),
    任务: vectorFromArray(rows.map(({ 任务 }) => 任务), new Float64()),
    户数: vectorFromArray(rows.map(({ 户数 }) => (户数 === null ? null : BigInt(户数))), new Int64()),
    备注: text(rows, '备注'),
    违规: vectorFromArray(rows.map(({ 违规 }) => 违规), new Bool()),
    入职: vectorFromArray(rows.map(({ 入职 }) => day(入职)), new DateDay()),
  });
}

for (const [seed, count] of [[1, 1], [2, 700], [3, 3000]]) {
  test(`people come as rows, columns, typed arrays and Arrow's bytes, and get the same: ${count}`, async () => {
    const rows = population(count, seed).map((row) => (row.入职 === '2026-02-30' ? { ...row, 入职: null } : row));
    const wanted = told(await scheme.score(rows));
    if (count > 100) assert.ok(wanted.errors.length > 100 && wanted.rows.some(({ 等级 }) => 等级 === '甲'));
    assert.deepEqual(told(await scheme.score(plain(rows))), wanted);
    for (const threads of [1, 3]) assert.deepEqual(told(await scheme.score(typed(rows), { threads })), wanted);
    assert.deepEqual(told(await scheme.score(typed(rows), { text: false })), wanted);
    for (const kind of ['stream', 'file']) {
      const bytes = tableToIPC(arrow(rows), kind);
      for (const table of [bytes, bytes.slice().buffer, Buffer.from(bytes), shared(bytes)]) {
        assert.deepEqual(told(await scheme.score(table)), wanted, kind);
      }
    }
  });
}

function shared(bytes) {
  const all = new SharedArrayBuffer(bytes.length);
  new Uint8Array(all).set(bytes);
  return all;
}

test('a column of cells of several kinds stands beside typed arrays', async () => {
  const rows = population(900, 5).map((row, at) => ({ ...row, 备注: at % 3 === 0 ? at : row.备注, 存款: row.存款 === null ? null : String(row.存款) }));
  const mixed = { ...typed(rows), 存款: rows.map(({ 存款 }) => 存款) };
  assert.deepEqual(told(await scheme.score(mixed)), told(await scheme.score(rows)));
});

// what belongs to a row beside its facts makes it go by JSON
const LONG_WAY = { details: {} };

test('one row alone comes to what it comes to by the long way', () => {
  const alone = Scheme.parse(SCHEME.replace(/ {2}名次: .*\n/, ''));
  let quick = 0;
  for (const [at, row] of population(4000, 7).entries()) {
    const names = Object.entries(row);
    // names in another order, some left out, some that are nobody's
    const facts = Object.fromEntries(at % 5 === 0 ? [...names.reverse(), ['说明', '无']] : at % 7 === 0 ? names.filter(([, cell]) => cell !== null) : names);
    const found = alone.scoreRow(facts);
    assert.deepEqual(found, alone.scoreRow(facts, LONG_WAY));
    quick += found.complete ? 1 : 0;
  }
  assert.ok(quick > 1000, `${quick} without a fault`);
  for (const row of people(2000)) {
    const found = workload.scoreRow(row);
    assert.deepEqual(found, workload.scoreRow(row, LONG_WAY));
    assert.deepEqual([found.figures.total, found.figures.tier], Object.values(reference(row)));
  }
});

test('one row alone takes cells of every kind', () => {
  const every = Scheme.parse('kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, n: { type: number, missing: allow }, t: { type: bool, missing: allow } }\ncomputed: { m: n, u: t, 备: k }\n');
  const long = 'x'.repeat(20_000);
  const cells = [0, -0, 1, 0.1, -2.5, 1e-7, 1e15, 123n, -7n, 10n ** 30n, '1.50', '', '甲', NaN, Infinity, 2 ** 53, 2 ** 54, null, undefined, true, false];
  for (const cell of cells) {
    for (const k of ['1', '员工 1', long, '\ud800', 7n, 12]) {
      const row = { k, n: cell, t: typeof cell === 'boolean' ? cell : undefined };
      assert.deepEqual(every.scoreRow(row), every.scoreRow(row, LONG_WAY), String(cell));
    }
  }
  for (const odd of [new Date(0), {}, [], Symbol('x'), () => 1]) {
    for (const row of [{ k: '1', n: odd }, { k: '1', other: odd }]) {
      assert.throws(() => every.scoreRow(row), (error) => error instanceof DataError && error.code === 'K0906');
    }
  }
  assert.throws(() => every.scoreRow({ k: '1', ｋ: '2' }), { code: 'K0309' });
});

test('figures go as typed arrays', async () => {
  const rows = population(1500, 11);
  const { columns } = await scheme.score(rows);
  const found = await (await scheme.score(typed(rows), { text: false })).typedColumns();
  assert.deepEqual(Object.keys(found), Object.keys(columns));
  for (const [name, { form, valid = null, ...column }] of Object.entries(found)) {
    const { type, places } = scheme.columns.find((each) => each.name === name);
    const figure = (at) => {
      if (valid?.[at] === 0) return null;
      if (form === 'texts') return column.texts[at];
      if (form === 'truths') return column.truths[at] === 1;
      if (form === 'codes') return column.words[column.codes[at]];
      if (form === 'days') return new Date(column.days[at] * 86_400_000).toISOString().slice(0, 10);
      return decimal(column.units[at], column.places, places === null);
    };
    assert.deepEqual(rows.map((_, at) => figure(at)), columns[name], name);
    if (form === 'codes') assert.ok(column.codes.every((code, at) => (code === -1) === (columns[name][at] === null)));
    if (type === 'number' && name !== '大数') assert.equal(form, 'units', name);
  }
  assert.equal(found.大数.form, 'texts');
  assert.ok(found.四位.units instanceof BigInt64Array && found.等级.codes instanceof Int32Array && found.四位.valid instanceof Uint8Array);
  // what went out comes in again
  const again = Scheme.parse('kaohe: 1\nscheme: 例\ninputs: { 工号: { type: text, key: true }, 四位: { type: number, missing: allow }, 等级: { type: text, missing: allow } }\ncomputed: { 又: 四位, 级: 等级 }\n');
  const back = await again.score({ 工号: rows.map(({ 工号 }) => 工号), 四位: found.四位, 等级: found.等级 });
  assert.deepEqual(back.columns.级, columns.等级);
  assert.deepEqual(back.columns.又.map(Number), columns.四位.map(Number));
});

/** Units as decimal text, without trailing zeros where the column is not rounded. */
function decimal(units, places, bare) {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
  return bare ? whole.replace(/\.?0+$/, '') : whole;
}

test('figures go as the bytes of Arrow', async () => {
  const rows = population(1200, 13);
  const result = await scheme.score(rows);
  const bytes = await result.arrow();
  const table = tableFromIPC(bytes);
  assert.deepEqual(table.schema.fields.map(({ name }) => name), Object.keys(result.columns));
  assert.equal(table.numRows, rows.length);
  for (const name of ['网点', '等级', '注']) assert.deepEqual([...table.getChild(name)], result.columns[name], name);
  const { scale, precision } = table.schema.fields.find(({ name }) => name === '四位').type;
  assert.deepEqual([scale, precision], [4, 28]);
  const whole = table.getChild('四位');
  result.columns.四位.forEach((figure, at) => {
    const words = whole.get(at);
    const units = words === null ? null : [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
    assert.equal(units === null ? null : decimal(units, 4, false), figure);
  });
  const none = await scheme.score([]);
  assert.equal(tableFromIPC(await none.arrow()).numRows, 0);
  assert.equal((await none.typedColumns()).四位.units.length, 0);
});

test('only the columns that are wanted are computed', async () => {
  const rows = population(800, 17);
  const all = await scheme.score(rows);
  const some = await scheme.score(typed(rows), { columns: ['等级', '四位'] });
  assert.deepEqual(Object.keys(some.columns), ['等级', '四位']);
  for (const name of ['等级', '四位']) assert.deepEqual(some.columns[name], all.columns[name]);
  const faulty = new Set(some.errors.flatMap(({ column, blockedBy }) => [column, ...(blockedBy ? [blockedBy] : [])]));
  assert.deepEqual([...faulty].sort(), ['任务', '存款', '四位', '存款分', '等级'].filter((name) => faulty.has(name)).sort());
  assert.ok(faulty.has('等级') && faulty.has('存款') && !faulty.has('满月') && !faulty.has('名次'));
  const keys = new Set(rows.map(({ 工号 }) => 工号));
  assert.ok(some.errors.every(({ key, row }) => keys.has(key) && rows[row].工号 === key));
  assert.deepEqual(Object.keys(await some.typedColumns()), ['等级', '四位']);
  assert.deepEqual([(await scheme.score(rows, { columns: [] })).length, (await scheme.score(rows, { columns: [] })).errors.length], [800, 0]);
  const wrong = await refused(() => scheme.score(rows, { columns: ['等及'] }));
  assert.deepEqual([wrong.code, wrong.offenders], ['K0805', ['等及']]);
  for (const columns of ['等级', [1], null]) await refused(() => scheme.score(rows, { columns }));
});

test('progress only grows and ends with all there is', async () => {
  for (const table of [population(60_000, 19, { holes: false }), [], population(3, 23)]) {
    const seen = [];
    await scheme.score(table, { threads: 2, progress: (done, total) => seen.push([done, total]), columns: ['名次'] });
    assert.ok(seen.length >= 1 && seen.every(([done], at) => at === 0 || done > seen[at - 1][0]), JSON.stringify(seen));
    const [done, total] = seen.at(-1);
    assert.equal(done, total);
    // one stage for what is ranked, one for the rank
    assert.equal(total, table.length * 2);
    assert.ok(table.length < 60_000 || seen.length > 2);
  }
  const mine = new Error('mine');
  const failing = scheme.score(population(60_000, 19, { holes: false }), { progress: () => { throw mine; } });
  await assert.rejects(failing, (error) => error === mine);
  await refused(() => scheme.score([], { progress: 1 }));
  await refused(() => scheme.score([], { signal: {} }));
  await refused(() => scheme.score([], { text: 1 }));
});

test('a run is aborted while it is scored, and afterwards no more', async () => {
  const table = typed(population(100_000, 29, { holes: false }));
  const reason = new Error('enough');
  const isAbort = (error) => error.name === 'AbortError' && error.code === 'ABORT_ERR' && error.cause === reason;
  for (const at of [1, 2]) {
    const stop = new AbortController();
    let told = 0;
    const run = scheme.score(table, { signal: stop.signal, threads: 1, progress: () => { if ((told += 1) === at) stop.abort(reason); } });
    await assert.rejects(run, isAbort);
    assert.ok(told < 14, `${told} blocks`);
  }
  await assert.rejects(scheme.score(table, { signal: AbortSignal.abort(reason) }), isAbort);
  const late = new AbortController();
  const result = await scheme.score(table, { signal: late.signal, text: false, columns: ['等级'] });
  late.abort(reason);
  assert.equal((await result.typedColumns()).等级.codes.length, 100_000);
  assert.equal(result.columns.等级.length, 100_000);
});

test('a timer fires while 300 000 rows are scored, whatever form they come in', async () => {
  const many = Array.from({ length: 300_000 }, (_, at) => ({ ...BASE, 工号: `E${at}`, 存款: at / 100 }));
  const columns = plain(many);
  for (const [table, options] of [[many, { columns: ['得分', '等级'] }], [{ ...columns, 存款: Float64Array.from(columns.存款) }, { text: false }]]) {
    let [longest, last, ticks] = [0, performance.now(), 0];
    const timer = setInterval(() => {
      const now = performance.now();
      [longest, last, ticks] = [Math.max(longest, now - last), now, ticks + 1];
    }, 1);
    const { length, complete } = await scheme.score(table, options);
    clearInterval(timer);
    assert.deepEqual([length, complete], [300_000, true]);
    assert.ok(ticks > 20, `the timer fired ${ticks} times, ${longest.toFixed()} ms apart at the most`);
  }
});

const BASE = { 网点: '城东', 职级: '初级', 任务: 1200, 户数: 3, 备注: null, 违规: false, 入职: '2020-01-31' };

test('bytes that are no Arrow table are refused, wherever they are broken', async () => {
  const rows = population(40, 31).map((row) => ({ ...row, 入职: null }));
  const good = tableToIPC(arrow(rows), 'stream');
  const file = tableToIPC(arrow(rows), 'file');
  const wrong = [Buffer.alloc(0), Buffer.from('ARROW1'), Buffer.from('not Arrow at all, not at all'), good.subarray(0, 100), good.subarray(0, good.length - 40), file.subarray(0, file.length - 3), Buffer.alloc(64, 0xff)];
  for (const bytes of wrong) {
    const error = await refused(() => scheme.score(bytes));
    assert.equal(error.code, 'K0832', error.message);
    assert.ok(error.messageZh.includes('Arrow') && error.help);
  }
  for (const whole of [good, file]) {
    for (let at = 0; at < whole.length; at += 7) {
      const broken = Buffer.from(whole);
      broken[at] ^= 0xff;
      // it may mean another table, which then is scored or lacks something
      await scheme.score(broken, { text: false }).catch((error) => assert.ok(error instanceof DataError && error.code !== 'K9999', error.stack));
    }
  }
});

test('types that hold no facts are named', async () => {
  const rows = population(3, 37).map((row) => ({ ...row, 入职: null }));
  const columns = Object.fromEntries(arrow(rows).schema.names.map((name) => [name, arrow(rows).getChild(name)]));
  const list = vectorFromArray([[1], [2], [3]], new List({ name: 'item', type: new Int32(), nullable: true, typeId: 2 }));
  const idle = await scheme.score(tableToIPC(new Table({ ...columns, 别的: vectorFromArray([1, 2, 3], new Int32()) })));
  assert.equal(idle.length, 3);
  for (const [name, vector] of [['存款', vectorFromArray([new Date(1000), new Date(2000), new Date(3000)], new TimestampSecond('UTC'))], ['任务', list]]) {
    const error = await refused(() => scheme.score(tableToIPC(new Table({ ...columns, [name]: vector }))));
    assert.deepEqual([error.code, error.offenders], ['K0830', [name]]);
  }
  const object = await refused(() => scheme.score(arrow(rows)));
  assert.equal(object.code, 'K0906');
  assert.match(object.help, /tableToIPC/);
});

test('columns that cannot be meant are named, with the cell', async () => {
  const rows = population(4, 41, { holes: false });
  const good = typed(rows);
  const cases = [
    [{ 任务: Float64Array.of(1, 2) }, ['任务']],
    [{ 任务: new Float32Array(4) }, ['任务']],
    [{ 任务: { units: Float64Array.of(1, 1.5, Infinity, 2 ** 60), places: 2 } }, ['任务[1]', '任务[2]', '任务[3]']],
    [{ 任务: { units: [1, 2, 3, 4], places: 2 } }, ['任务']],
    [{ 任务: { units: new BigInt64Array(4), places: -1 } }, ['任务']],
    [{ 任务: { units: new BigInt64Array(4) } }, ['任务']],
    [{ 任务: { units: new BigInt64Array(4), places: 2, valid: [1, 1, 1, 1] } }, ['任务']],
    [{ 任务: { units: new BigInt64Array(4), places: 2, valid: new Uint8Array(3) } }, ['任务']],
    [{ 网点: { codes: Int32Array.of(0, 1, 2, -2), words: ['a', 'b'] } }, ['网点[2]', '网点[3]']],
    [{ 网点: { codes: Int32Array.of(0, 1, 2, 0), words: ['a', 1, 'c'] } }, ['网点']],
    [{ 网点: { codes: Float64Array.of(0, 1, 2, 0), words: ['a'] } }, ['网点']],
    [{ 任务: [1, 2, 3, new Date(0)] }, ['任务[3]']],
    [{ 任务: new DataView(new ArrayBuffer(32)) }, ['任务']],
  ];
  for (const [change, offenders] of cases) {
    const error = await refused(() => scheme.score({ ...good, ...change }));
    assert.deepEqual([error.code, error.offenders], ['K0906', offenders], error.message);
  }
  // what no input can be is a fault of that cell, as in a row
  const { errors } = await scheme.score({ ...good, 任务: Float64Array.of(1, Infinity, NaN, 1e17) });
  const own = errors.filter(({ column }) => column === '任务').map(({ row, code }) => [row, code]);
  assert.deepEqual(own, [[1, 'K0906'], [2, 'K0901'], [3, 'K0906']]);
});

test('whole numbers may be keys, and details may come in every form', async () => {
  const named = Scheme.parse('kaohe: 1\nscheme: 例\ninputs: { 工号: { type: text, key: true } }\ndetails:\n  存款:\n    key: 工号\n    columns: { 余额: { type: number } }\ncomputed: { 合计: sum(存款.余额) }\n');
  const detail = { 工号: BigInt64Array.of(7n, 8n, 7n), 余额: { units: Int32Array.of(150, 2, 50), places: 2 } };
  const bytes = tableToIPC(new Table({ 工号: vectorFromArray([7n, 8n, 7n], new Int64()), 余额: decimals([150, 2, 50], 2) }));
  const rows = [{ 工号: '7', 余额: 1.5 }, { 工号: 8n, 余额: '0.02' }, { 工号: 7, 余额: 0.5 }];
  for (const 存款 of [detail, bytes, rows]) {
    for (const table of [{ 工号: Int32Array.of(7, 8) }, { 工号: BigInt64Array.of(7n, 8n) }, { 工号: new BigUint64Array([7n, 8n]) }, [{ 工号: 7 }, { 工号: '8' }]]) {
      assert.deepEqual((await named.score(table, { details: { 存款 } })).rows, [{ 工号: '7', 合计: '2' }, { 工号: '8', 合计: '0.02' }]);
    }
  }
  const twice = await refused(() => named.score({ 工号: Int32Array.of(7, 7) }, { details: { 存款: [] } }));
  assert.equal(twice.code, 'K0802');
});
