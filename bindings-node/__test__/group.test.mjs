// People scored together: their detail rows, the values of the run, who is left out, and why a figure is what it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DataError, Explanation, Result, Scheme } from '../index.mjs';
import { columnsOf } from './support/files.mjs';

const scheme = Scheme.parse(`
kaohe: 1
scheme: 排名
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
given:
  上期结转: { type: number, unit: 元, places: 2 }
  说明: { type: text, missing: 无 }
inputs:
  工号: { type: text, key: true, header: [员工编号] }
  网点: { type: text }
  任务: { type: number, unit: 元, above: 0 }
details:
  存款:
    key: 工号
    unique: [账号]
    columns:
      账号: { type: text }
      余额: { type: number, unit: 元, min: 0 }
computed:
  余额合计: sum(存款.余额) + 上期结转
  完成率: { formula: 余额合计 / 任务, round: 4 }
  名次: rank(完成率 desc ties min within 网点)
`);
const people = [
  { 工号: '001', 网点: '城东', 任务: 100 },
  { 工号: '002', 网点: '城东', 任务: 200 },
  { 工号: '003', 网点: '城西', 任务: 300 },
  { 工号: '004', 网点: '城东', 任务: 400 },
];
const 存款 = [
  { 工号: '001', 账号: 'a', 余额: '50.5' },
  { 工号: '004', 账号: 'a', 余额: 1000 },
  { 工号: '001', 账号: 'b', 余额: 49.5 },
  { 工号: '003', 账号: 'c', 余额: 300n },
];
const given = { 上期结转: '100.00' };
const details = { 存款 };
const refused = async (work) => {
  const error = await Promise.resolve().then(work).then(() => assert.fail('nothing was thrown'), (reason) => reason);
  assert.ok(error instanceof DataError, error.stack);
  return error;
};

test('detail rows and values of the run come in either form', async () => {
  const result = await scheme.score(people, { details, given });
  assert.ok(result instanceof Result && result.complete);
  assert.deepEqual(result.columns.余额合计, ['200', '100', '400', '1100']);
  assert.deepEqual(result.columns.名次, ['2', '3', '1', '1']);
  const typed = { 工号: ['001', '004', '001', '003'], 账号: ['a', 'a', 'b', 'c'], 余额: Float64Array.of(50.5, 1000, 49.5, 300) };
  for (const [table, rows] of [[people, typed], [columnsOf(people), 存款], [columnsOf(people), typed]]) {
    assert.deepEqual((await scheme.score(table, { details: { 存款: rows }, given })).rows, result.rows);
  }
  // whoever has no rows has none
  const nobody = await scheme.score(people, { details: { 存款: [] }, given });
  assert.deepEqual(nobody.columns.余额合计, ['100', '100', '100', '100']);
  assert.deepEqual((await scheme.score([], { details: { 存款: [] }, given })).rows, []);
});

test('a header that names nothing is not looked at, whatever its cells are', async () => {
  const rows = 存款.map((row) => ({ ...row, 开户: new Date(0), 备注: {} }));
  const uneven = rows.map((row, at) => (at === 1 ? { ...row, 经办: Symbol('x') } : row));
  const wanted = (await scheme.score(people, { details, given })).rows;
  for (const each of [rows, uneven, columnsOf(rows)]) {
    const extra = people.map((row) => ({ ...row, 入职: new Date(0) }));
    assert.deepEqual((await scheme.score(extra, { details: { 存款: each }, given })).rows, wanted);
  }
});

test('a result says what it rests on', async () => {
  const result = await scheme.score(people, { details, given, asOf: '2026-08-31' });
  const basis = { fingerprint: scheme.withAsOf('2026-08-31').fingerprint, asOf: '2026-08-31', given: { 上期结转: '100', 说明: '无' } };
  const { fingerprint, asOf, given: values } = result;
  assert.deepEqual({ fingerprint, asOf, given: values }, basis);
  const row = scheme.scoreRow(people[0], { given: { ...given, 说明: '调整' } });
  assert.deepEqual([row.fingerprint, row.asOf, row.given], [scheme.fingerprint, '2026-09-30', { 上期结转: '100', 说明: '调整' }]);
});

test('whoever is left out makes the figures of their group provisional', async () => {
  const absent = people.map((row) => (row.工号 === '002' ? { ...row, 任务: null } : row));
  const { rows, errors, complete } = await scheme.score(absent, { details, given });
  assert.equal(complete, false);
  const told = errors.map(({ row, key, column, code, blockedBy, leftOut }) => ({ row, key, column, code, blockedBy, leftOut }));
  const blocked = { row: 1, key: '002', code: 'K0920', blockedBy: '任务', leftOut: [] };
  assert.deepEqual(told, [
    { row: 0, key: '001', column: '名次', code: 'K0927', blockedBy: null, leftOut: ['002'] },
    { row: 1, key: '002', column: '任务', code: 'K0901', blockedBy: null, leftOut: [] },
    { ...blocked, column: '完成率' },
    { ...blocked, column: '名次' },
    { row: 3, key: '004', column: '名次', code: 'K0927', blockedBy: null, leftOut: ['002'] },
  ]);
  assert.match(errors[0].messageZh, /暂定.*002/);
  // the figures are there all the same
  assert.deepEqual(rows.map(({ 名次 }) => 名次), ['2', null, '1', '1']);
});

test('a fault in a detail row is told with its table and row', async () => {
  const rows = 存款.map((row, at) => (at === 2 ? { ...row, 余额: -1 } : row));
  const { errors } = await scheme.score(people, { details: { 存款: rows }, given });
  const [first] = errors;
  assert.deepEqual([first.key, first.code, first.detail], ['001', 'K0903', { table: '存款', line: 3 }]);
  assert.ok(errors.slice(1).every(({ code, detail }) => detail === null && (code === 'K0920' || code === 'K0927')));
  const own = { 存款: [{ 账号: 'a', 余额: 1 }, { 账号: 'b', 余额: 'x' }] };
  const { problems } = scheme.scoreRow(people[0], { details: own, given });
  assert.deepEqual([problems[0].code, problems[0].detail], ['K0906', { table: '存款', line: 2 }]);
});

test('rows of nobody, tables that lack and rows that are there twice are one error that names all of it', async () => {
  const told = async (rows, more = {}) => {
    const error = await refused(() => scheme.score(people, { details: rows, given, ...more }));
    assert.match(error.messageZh, /[\u4e00-\u9fff]/);
    return [error.code, error.offenders];
  };
  const own = (...keys) => keys.map((工号, at) => ({ 工号, 账号: `z${at}`, 余额: 1 }));
  assert.deepEqual(await told({ 存款: [...own('009'), ...存款, ...own('008', '008')] }), ['K0806', ['009', '008']]);
  assert.deepEqual(await told({}), ['K0810', ['存款']]);
  assert.deepEqual(await told({ 存款, 贷款: [] }), ['K0809', ['贷款']]);
  assert.deepEqual(await told({ 存款: [...存款, 存款[0], 存款[3]] }), ['K0807', ['001', '003']]);
  assert.deepEqual(await told({ 存款: 存款.map(({ 余额, ...row }) => row) }), ['K0801', ['余额']]);
  assert.deepEqual(await told({ 存款: 存款.map(({ 工号, ...row }) => row) }), ['K0801', ['工号']]);
  assert.deepEqual(await told({ 存款: [{}, {}] }), ['K0801', ['账号', '余额']]);
  assert.deepEqual(await told({ 存款: [{ 工号: '001', 账号: 'a', 余额: 1 }, { 工号: '001', 账号: 'b', 余额: 1, 账户: 'c' }, { 工号: '001', 账户: 'b', 余额: 1 }] }), ['K0805', ['账户']]);
  assert.deepEqual(await told({ 存款: [...存款, { 账号: 'd', 余额: 1, 工号: null }] }), ['K0803', ['5']]);
  assert.deepEqual(await told(details, { given: {} }), ['K0808', ['上期结转']]);
  assert.deepEqual(await told(details, { given: { ...given, 上期节转: 1 } }), ['K0809', ['上期节转']]);
});

test('cells and tables that are none are named with their table', async () => {
  const wrong = (at, cell) => 存款.map((row, place) => (place === at ? { ...row, 余额: cell } : row));
  const error = await refused(() => scheme.score(people, { details: { 存款: wrong(2, new Date(0)) }, given }));
  assert.deepEqual([error.code, error.offenders], ['K0906', ['存款.余额[2]']]);
  const both = await refused(() => scheme.score([{ ...people[0], 网点: {} }, ...people.slice(1)], { details: { 存款: wrong(1, []) }, given }));
  assert.deepEqual(both.offenders, ['网点[0]', '存款.余额[1]']);
  assert.deepEqual((await refused(() => scheme.score(people, { details: { 存款: [存款[0], null, 7] }, given }))).offenders, ['存款[1]', '存款[2]']);
  for (const table of [null, 7, 'x']) assert.deepEqual((await refused(() => scheme.score(people, { details: { 存款: table }, given }))).offenders, ['存款']);
  for (const tables of [null, [], 7, 存款]) assert.equal((await refused(() => scheme.score(people, { details: tables, given }))).code, 'K0906');
  for (const values of [null, [], 7]) assert.equal((await refused(() => scheme.score(people, { details, given: values }))).code, 'K0906');
  assert.deepEqual((await refused(() => scheme.score(people, { details, given: { 上期结转: new Date(0) } }))).offenders, ['上期结转']);
  assert.deepEqual((await refused(() => scheme.scoreRow(people[0], { details: { 存款: [{ 账号: {} }] } }))).offenders, ['存款.账号[0]']);
  assert.equal((await refused(() => scheme.scoreRow(people[0], { details: { 存款: columnsOf(存款) } }))).code, 'K0906');
});

test('a row alone has its detail rows without a key, and no group', async () => {
  const own = 存款.filter((row) => row.工号 === '001').map(({ 工号, ...row }) => row);
  const { figures, problems, complete } = scheme.scoreRow(people[0], { details: { 存款: own }, given });
  assert.deepEqual([figures.余额合计, figures.完成率, figures.名次, complete], ['200', '2.0000', null, false]);
  assert.deepEqual(problems.map(({ column, code }) => [column, code]), [['名次', 'K0921']]);
  // rows that name somebody else are not counted as this person's
  const others = await refused(() => scheme.scoreRow(people[0], { details: { 存款: 存款.slice(1) }, given }));
  assert.deepEqual([others.code, others.offenders], ['K0806', ['004', '003']]);
  const bare = scheme.scoreRow(people[0]).problems.filter(({ blockedBy }) => blockedBy === null).map(({ column, code }) => [column, code]);
  assert.deepEqual(bare, [['余额合计', 'K0928'], ['名次', 'K0921']]);
  for (const options of [{ ratings: [] }, { answers: [] }]) assert.equal((await refused(() => scheme.scoreRow(people[0], options))).code, 'K0809');
  for (const options of [{ threads: 1 }, { asOf: '2026-08-31' }]) assert.equal((await refused(() => scheme.scoreRow(people[0], options))).code, 'K0101');
  const why = scheme.explain(people[0], '余额合计', { details: { 存款: own }, given });
  assert.match(why.text, /200/);
});

test('a figure of a group is explained among everybody', async () => {
  const result = await scheme.score(people, { details, given });
  const why = result.explain('001', { column: '名次' });
  assert.ok(why instanceof Explanation);
  assert.doesNotMatch(why.text, /K0921/);
  assert.match(scheme.explain(people[0], '名次', { details: { 存款: 存款.filter((row) => row.工号 === '001') }, given }).text, /K0921|whole group/);
  assert.match(result.explain('001', { column: '名次', lang: 'zh' }).text, /第 3 行/); // detail rows are counted from 1
  assert.match(result.explain('003').text, /1\.3333/);
  assert.equal(result.explain('004', { column: null }).data.explanation, scheme.explain(people[3]).data.explanation);
  assert.match(why.text, /place 2 of 3/);
  const unknown = await refused(() => result.explain('01'));
  assert.deepEqual([unknown.code, unknown.offenders], ['K0804', ['01']]);
  assert.match(unknown.messageZh, /没有键/);
  assert.equal((await refused(() => result.explain('001', { column: '名词' }))).code, 'K0805');
  assert.equal((await refused(() => result.explain('001', { colunm: '名次' }))).code, 'K0101');
  assert.equal((await refused(() => result.explain({}))).code, 'K0906');
  assert.throws(() => new Result(), TypeError);
});

/** A thousand people a branch, one of a hundred without a target. */
function crowd(count) {
  const staff = Array.from({ length: count }, (_, at) => ({ 工号: `E${at}`, 网点: `B${at % 7}`, 任务: at % 100 === 99 ? null : (at % 13) + 1 }));
  const rows = Array.from({ length: 2 * count }, (_, at) => ({ 工号: `E${(at * 7) % count}`, 账号: `${at}`, 余额: (at * 31) % 997 }));
  return { staff, details: { 存款: rows } };
}

test('what comes out does not depend on the number of threads', async () => {
  const { staff, details: rows } = crowd(4000);
  const [one, ...others] = await Promise.all([1, 2, 3, 16].map((threads) => scheme.score(staff, { details: rows, given, threads })));
  assert.ok(!one.complete && one.errors.some(({ code }) => code === 'K0927'));
  for (const other of others) assert.deepEqual([other.rows, other.errors], [one.rows, one.errors]);
  // a place is one more than there are better ones, whoever counts
  const branch = one.rows.filter((row) => row.网点 === 'B3' && row.完成率 !== null);
  for (const row of branch) assert.equal(Number(row.名次), 1 + branch.filter((each) => Number(each.完成率) > Number(row.完成率)).length);
});

test('a run can be aborted while details are taken over and while it is scored', async () => {
  const isAbort = (error) => error.name === 'AbortError' && error.code === 'ABORT_ERR' && error.cause === 'enough';
  const { staff, details: rows } = crowd(60_000);
  const abortAt = (row) => {
    const controller = new AbortController();
    let reads = 0;
    const { 余额 } = row;
    Object.defineProperty(row, '余额', { enumerable: true, configurable: true, get: () => (reads += 1, setImmediate(() => controller.abort('enough')), 余额) });
    return { signal: controller.signal, reads: () => reads };
  };
  for (const row of [rows.存款[1000], rows.存款.at(-1)]) {
    const { signal, reads } = abortAt(row);
    await assert.rejects(scheme.score(staff, { details: rows, given, signal }), isAbort);
    assert.ok(reads() > 0);
    Object.defineProperty(row, '余额', { enumerable: true, configurable: true, value: 1 });
  }
});

test('seats beyond their stated share are noted', async () => {
  const seats = Scheme.parse(`
kaohe: 1
scheme: 两级
inputs: { 工号: { type: text, key: true }, 得分: { type: number } }
grades:
  级别: { ladder: [高, 低], order: [得分 desc], quota: { shares: { 高: 50%, 低: 50% } } }
`);
  const { notes } = await seats.score([1, 2, 3].map((at) => ({ 工号: `${at}`, 得分: at })));
  assert.deepEqual(notes.map(({ code, message }) => [code, message]), [['K0714', '`级别`: 高: 2 of 3 ≈ 66.67%, above the stated 50%']]);
  assert.match(notes[0].messageZh, /超过规定的 50%/);
});
