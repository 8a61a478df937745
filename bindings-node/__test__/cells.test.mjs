// What goes in as a cell, and what does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CellError, DataError, Formula, Scheme } from '../index.mjs';

const identity = new Formula('a');
const thrown = (work) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
};

test('numbers mean what they look like', () => {
  const cases = [
    [0.1, '0.1'],
    [-0, '0'],
    [1e-7, '0.0000001'],
    [2 ** 53, '9007199254740992'],
    [-(2 ** 53), '-9007199254740992'],
    [123n, '123'],
    ['2415.30', '2415.3'],
    ['-.5', '-0.5'],
  ];
  for (const [cell, figure] of cases) assert.equal(identity.evaluate({ a: cell }), figure, String(cell));
  assert.equal(new Formula('a + b').evaluate({ a: 0.1, b: 0.2 }), '0.3');
});

test('a bigint is counted digit by digit, whatever its size', () => {
  assert.equal(identity.evaluate({ a: 9007199254740993n }), '9007199254740993');
  const exact = { numerator: 9007199254740993n, denominator: 7n };
  assert.deepEqual(new Formula('a / 7').evaluateExact({ a: 9007199254740993n }), exact);
  for (const cell of [10n ** 16n, -(10n ** 30n)]) assert.equal(thrown(() => identity.evaluate({ a: cell })).code, 'K0905');
  assert.equal(thrown(() => identity.evaluate({ a: 10n ** 1000n })).name, 'CellError');
});

test('numbers that are no exact value are refused', () => {
  for (const cell of [Infinity, -Infinity, 1e17, 2 ** 53 + 2]) {
    const error = thrown(() => identity.evaluate({ a: cell }));
    assert.ok(error instanceof CellError);
    assert.equal(error.code, 'K0906', String(cell));
  }
});

test('nothing, NaN and empty text are missing', () => {
  for (const row of [{}, { a: null }, { a: undefined }, { a: NaN }, { a: '' }]) {
    assert.equal(thrown(() => identity.evaluate(row)).code, 'K0901');
    assert.equal(new Formula('coalesce(a, 7)', { a: { type: 'number', missing: 'allow' } }).evaluate(row), '7');
  }
});

test('texts, truths and days come out as they are', () => {
  assert.equal(new Formula('a = “甲\u{1F600}"”', { a: 'text' }).evaluate({ a: '甲\u{1F600}"' }), true);
  assert.equal(new Formula('add_months(a, 1)').evaluate({ a: '2026-01-31' }), '2026-02-28');
  assert.equal(new Formula('not a').evaluate({ a: false }), true);
  assert.equal(new Formula('if a then 1 else 0').evaluate({ a: 1 }), '1');
  assert.equal(new Formula('if a > 0 then a else missing').evaluate({ a: 0 }), null);
  assert.equal(new Formula('if a > 0 then a else missing').evaluateExact({ a: 0 }), null);
});

test('an employee number is text, whatever it came as', () => {
  const scheme = Scheme.parse('kaohe: 1\nscheme: 例\ninputs:\n  工号: { type: text, key: true }\n  a: { type: number }\ncomputed:\n  b: a\n');
  const key = (cell) => scheme.scoreRow({ 工号: cell, a: 1 }).figures.工号;
  assert.deepEqual(['007', 7, 7n, 12345678901234567890n].map(key), ['007', '7', '7', '12345678901234567890']);
});

test('Date objects, decimal objects, functions and symbols are refused with the way out', () => {
  class Decimal {
    toFixed() {
      return '1.00';
    }
  }
  const date = thrown(() => identity.evaluate({ a: new Date(0), b: 1 }));
  assert.ok(date instanceof DataError);
  assert.deepEqual([date.code, date.offenders], ['K0906', ['a']]);
  assert.match(date.help, /2026-07-01/);
  assert.match(date.helpZh, /2026-07-01/);
  const decimal = thrown(() => identity.evaluate({ a: new Decimal() }));
  assert.match(decimal.message, /Decimal/);
  assert.match(decimal.help, /x\.toString\(\)/);
  const wrong = { a: Symbol('x'), b: () => 1, c: [1], d: {}, e: Object.create(null) };
  assert.deepEqual(thrown(() => identity.evaluate(wrong)).offenders, ['a', 'b', 'c', 'd', 'e']);
});

test('a row is an object of facts', () => {
  for (const row of [null, 1, 'x', [1], new Map([['a', 1]]), new Float64Array(1)]) {
    assert.equal(thrown(() => identity.evaluate(row)).code, 'K0906');
  }
  assert.equal(identity.evaluate(Object.assign(Object.create(null), { a: 1 })), '1');
});

test('names that JavaScript has its own meaning for are only names', () => {
  const scheme = Scheme.parse(
    'kaohe: 1\nscheme: 例\ninputs:\n  constructor: { type: text, key: true }\n  a: { type: number }\ncomputed:\n  __proto__: a + 1\n  toString: a + 2\n',
  );
  const { figures } = scheme.scoreRow({ constructor: '1', a: 1 });
  assert.deepEqual(Object.entries(figures), [['constructor', '1'], ['__proto__', '2'], ['toString', '3']]);
  assert.equal(thrown(() => new Formula('toString').evaluate({})).code, 'K0901');
  assert.equal(new Formula('__proto__').evaluate(JSON.parse('{"__proto__": 3}')), '3');
});

test('half a character is a character nobody has, not a crash', () => {
  assert.equal(new Formula('a = "x"', { a: 'text' }).evaluate({ a: '\ud800' }), false);
  assert.equal(thrown(() => new Formula('\ud800')).name, 'SchemeError');
  assert.equal(identity.evaluate({ a: 1, '\udfff': 2 }), '1');
});

test('two spellings of one name are refused, wherever the row stands', async () => {
  const scheme = Scheme.parse(`kaohe: 1
scheme: 例
inputs: { 工号: { type: text, key: true }, 指标1: { type: number } }
computed: { b: 指标1 * 2 }
`);
  const twice = { 工号: '1', 指标1: 1, '指标１': 2 };
  const works = [
    async () => scheme.scoreRow(twice),
    () => scheme.score([twice, { 工号: '2' }]),
    async () => new Formula('指标1 + 0').evaluate({ 指标1: 1, '指标１': 2 }),
  ];
  for (const work of works) {
    await assert.rejects(work, (error) => error instanceof DataError && error.code === 'K0309');
  }
  assert.equal(scheme.scoreRow({ 工号: '1', ' 指标1 ': 5 }).figures.b, '10');
});

test('of nobody no header is asked, whichever way nobody is written', async () => {
  const scheme = Scheme.parse(`kaohe: 1
scheme: 例
inputs: { 工号: { type: text, key: true } }
details: { 存款: { key: 工号, columns: { 余额: { type: number } } } }
computed: { 合计: sum(存款.余额) }
`);
  for (const nobody of [[], {}]) {
    assert.equal((await scheme.score(nobody, { details: { 存款: nobody } })).length, 0);
    const result = await scheme.score([{ 工号: '1' }], { details: { 存款: nobody } });
    assert.equal(result.rows[0].合计, '0');
  }
});
