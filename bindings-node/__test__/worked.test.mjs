// Two examples worked out by hand before the library was: a bank's quarter from its detail rows, a city's grades.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Formula, Scheme } from '../index.mjs';
import { path, text } from './support/files.mjs';

const worked = (name) => JSON.parse(text(`tests/cases/worked/${name}.json`));

/** Balances that last so many days each, one after the other, from the first of July. */
function deposits(balances) {
  const products = { corporate: '对公', savings: '储蓄', margin: '保证金' };
  return Object.entries(balances).flatMap(([product, spans]) => {
    let day = Date.UTC(2026, 6, 1);
    return spans.map(([days, 余额]) => {
      const [起, next] = [day, day + days * 86_400_000];
      day = next;
      const date = (at) => new Date(at).toISOString().slice(0, 10);
      return { 产品: products[product], 起: date(起), 止: date(next - 86_400_000), 余额 };
    });
  });
}

test('the bank example comes to what was worked out by hand, from balances and entries', async () => {
  const { inputs, expected } = worked('bank_quarter');
  const scheme = Scheme.load(path('examples/bank_quarter/scheme.yaml'));
  const row = {
    工号: '001', 姓名: null, 重大案件: null, 基数: inputs.base, 增量计划: inputs.plan, 应收利息: inputs.interest_due, 实收利息: inputs.interest_collected,
    不良贷款: inputs.npl, 贷款余额: inputs.loans, 满意度: inputs.satisfaction, 投诉次数: inputs.complaints, 客户数: inputs.customers,
    流失率: inputs.churn, 出勤天数: inputs.attended, 应出勤: inputs.workdays, 定性得分: expected.qualitative,
  };
  const details = {
    存款: deposits(inputs.balances),
    加减分事项: Object.entries(inputs.adjustments).map(([事由, points], at) => ({ 日期: `2026-08-0${at + 1}`, 事由, 分值: Number(points) })),
  };
  const { figures, complete } = scheme.scoreRow(row, { details });
  assert.ok(complete);
  assert.deepEqual(['存款增量', '收息', '不良', '满意', '投诉', '流失', '出勤'].map((item) => figures[item]), expected.points);
  const { 定量得分, 加减分, 综合得分, 等级 } = figures;
  assert.deepEqual([定量得分, 加减分, 综合得分, 等级], [expected.quantitative, expected.adjustment, expected.composite, expected.grade]);
  const cents = new Formula('round(a, 2)');
  assert.equal(cents.evaluate({ a: figures.折算日均存款 }), expected.weighted_daily_average);
  assert.equal(cents.evaluate({ a: figures.日均增量 }), expected.increment);
  const percent = new Formula('round(a * 100, 4)');
  for (const [column, name] of [['计划完成率', 'completion'], ['收息率', 'interest_collection'], ['不良率', 'npl'], ['投诉率', 'complaint'], ['出勤率', 'attendance']]) {
    assert.equal(Number(percent.evaluate({ a: figures[column] })), Number(expected[`${name}_percent`]), column);
  }
  const veto = scheme.scoreRow({ ...row, 重大案件: true }, { details }).figures;
  assert.deepEqual([veto.综合得分, veto.等级], expected.with_veto);
  // among others each has their own rows
  const of = (key, rows) => rows.map((each) => ({ ...each, 工号: key }));
  const all = { 存款: of('001', details.存款), 加减分事项: [...of('002', details.加减分事项), ...of('001', details.加减分事项)] };
  const { rows } = await scheme.score([row, { ...row, 工号: '002' }], { details: all });
  assert.deepEqual(rows[0], figures);
  assert.deepEqual([rows[1].折算日均存款, rows[1].加减分], ['0', '2']);
});

test('the tobacco example comes to what was worked out by hand, levels and grades among everybody', async () => {
  const { columns, rows: people, expected } = worked('tobacco_grades');
  const scheme = Scheme.load(path('examples/tobacco_grades/scheme-grades.yaml'));
  const names = { id: '工号', exam: '考试', results: '业绩', review: '评议', rural: '服务农村' };
  const facts = (person) => columns.flatMap((name, at) => (names[name] ? [[names[name], person[at]]] : []));
  const table = people.map((person) => ({ 姓名: null, ...Object.fromEntries(facts(person)) }));
  const result = await scheme.score(table);
  assert.ok(result.complete);
  const levels = { senior: '高级', intermediate: '中级', junior: '初级' };
  assert.equal(result.length, expected.rows.length);
  for (const [at, [id, score, level, grade, shifted]] of expected.rows.entries()) {
    const { 工号, 综合得分, 级别, 档次, '档次.seated': seated } = result.rows[at];
    assert.deepEqual([工号, 综合得分, 级别, seated, 档次], [id, score, levels[level], grade, shifted || grade]);
  }
  assert.deepEqual(Object.values(levels).map((level) => result.columns.级别.filter((each) => each === level).length), expected.seats);
  const why = result.explain('P04', { column: '档次', lang: 'zh' });
  assert.match(why.text, /P04/);
});
