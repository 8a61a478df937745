// Reports: one call of the library each, in every form; that what they say is true is tested in Rust.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Scheme } from 'kaohe';

const scheme = Scheme.parse(`
kaohe: 1
scheme: 考核
rounding: { totals: 2, items: 2 }
inputs: { 工号: { type: text, key: true }, 网点: { type: text }, 分: { type: number } }
scores: { 得分: { items: { 业绩: { weight: 100, formula: 分 } } } }
grades: { 等级: { ladder: [A, B], thresholds: { of: 得分, at_least: [[80, A]], else: B } } }
`);
const people = [
  { 工号: '001', 网点: '城东', 分: 90 },
  { 工号: '<b>', 网点: '城西', 分: '70.5' },
  { 工号: '003', 网点: '城东', 分: null },
];
const result = await scheme.score(people);

test('a person is reported in every form', () => {
  const html = result.report('<b>', { lang: 'zh' });
  assert.match(html, /^<!DOCTYPE html>\n<html lang="zh-CN">/);
  assert.ok(html.includes('&lt;b&gt;') && html.includes('<dd>70.50'));
  assert.match(result.report('001', { format: 'md' }), /\*\*90\.00\*\*/);
  const data = JSON.parse(result.report('001', { format: 'json' }));
  assert.deepEqual([data.report, data.kind, data.results], [1, 'person', ['得分', '等级']]);
  assert.deepEqual(data.explanation, result.explain('001').data);
  assert.throws(() => result.report('0O1'), { name: 'DataError', code: 'K0804' });
  assert.throws(() => result.report('001', { format: 'pdf' }), { name: 'DataError', code: 'K0104' });
  assert.throws(() => result.report('001', { by: '网点' }), { name: 'DataError', code: 'K0101' });
});

test('several people are one text', async () => {
  assert.equal((await result.reports()).match(/<article>/g).length, 3);
  const list = JSON.parse(await result.reports({ keys: ['003', '001'], format: 'json' }));
  assert.deepEqual(list.map(({ key }) => key), ['003', '001']);
  await assert.rejects(result.reports({ keys: ['007'] }), { name: 'DataError', code: 'K0804' });
});

test('a team is reported with its branches', async () => {
  const team = JSON.parse(await result.teamReport({ by: '网点', format: 'json' }));
  assert.deepEqual(team.teams.map((each) => [each.team, each.people]), [['城东', 2], ['城西', 1]]);
  assert.match(await result.teamReport({ format: 'md', lang: 'zh' }), /^# 考核 团队考核报告/);
  await assert.rejects(result.teamReport({ by: '网店' }), { name: 'DataError', code: 'K0805', help: /网点/ });
});

test('an explanation is a page too', () => {
  const why = result.explain('001', { column: '得分', lang: 'zh' });
  assert.match(why.markdown, /- \*\*得分\*\* 90\.00（满分 100）/);
  assert.match(why.html, /^<!DOCTYPE html>/);
  assert.equal(why.text, String(why));
});
