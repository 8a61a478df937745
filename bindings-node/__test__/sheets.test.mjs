// Answers to exams and sheets of raters: how they are handed over, and what is told of questions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DataError, Scheme, agreement } from '../index.mjs';
import { columnsOf, csv, path } from './support/files.mjs';

const exam = `
kaohe: 1
scheme: 考试
inputs: { 工号: { type: text, key: true } }
exams:
  初试:
    pass: 4
    parts:
      - { name: 单选, kind: single, questions: S, options: 4, marks: 2, key: [A, B] }
      - { name: 判断, kind: true_false, questions: T, marks: 1, key: [T] }
`;
const two = exam.replace('exams:', 'exams:\n  复试: { parts: [{ name: 判断, kind: true_false, questions: T, marks: 1, key: [F] }] }');
const rated = `
kaohe: 1
scheme: 测评
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    scale: { A: 100%, B: 80% }
    items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
    roles: { 上级: { weight: 60 }, 同事: { weight: 40, minimum: 2 } }
    when_role_missing: renormalise
    round: 2
`;
const people = [{ 工号: '001' }, { 工号: '002' }, { 工号: '003' }];
const answers = [
  { 工号: '001', S1: 'a', S2: 'Ｂ', T1: true },
  { 工号: '002', S1: 'AB', S2: null, T1: '错' },
];

test('answers are a table, by name or alone', async () => {
  const scheme = Scheme.parse(exam);
  assert.deepEqual(scheme.details.map(({ name, kind }) => [name, kind]), [['初试', 'answers']]);
  for (const given of [answers, columnsOf(answers), { 初试: answers }]) {
    const { rows, errors } = await scheme.score(people, { answers: given });
    assert.deepEqual([rows[0].初试, rows[0]['初试.通过'], rows[1]['初试.单选'], rows[1]['初试.判断'], rows[2].初试], ['5', true, null, '0', null]);
    const roots = errors.filter(({ blockedBy }) => blockedBy === null);
    assert.deepEqual(roots.map(({ key, column, code }) => [key, column, code]), [['002', '初试.S1', 'K0940']]);
  }
});

test('one person answers in an object', () => {
  const scheme = Scheme.parse(exam);
  const own = { S1: 'A', S2: '', T1: '对' };
  for (const given of [own, { 初试: own }, [own]]) {
    assert.equal(scheme.scoreRow({ 工号: '001' }, { answers: given }).figures.初试, '3');
    assert.match(scheme.explain({ 工号: '001' }, '初试.单选', { answers: given }).text, /S2: no answer; the key is B: 0 of 2/);
  }
  assert.equal(scheme.scoreRow({ 工号: '001' }).problems[0].code, 'K0928');
});

test('several exams are told apart', async () => {
  const scheme = Scheme.parse(two);
  const refused = (work) => assert.rejects(work, (error) => error instanceof DataError && error.code === 'K0809' && error.offenders.join() === '复试,初试');
  await refused(() => scheme.score(people, { answers }));
  const result = await scheme.score(people, { answers: { 初试: answers, 复试: [{ 工号: '003', T1: '×' }] } });
  assert.equal(result.rows[2].复试, '1');
  assert.throws(() => result.examStatistics(), { code: 'K0809' });
  assert.equal(result.examStatistics('复试').sheets, 1);
  await assert.rejects(() => scheme.score(people, { answers: { 初试: answers } }), { code: 'K0810' });
  await assert.rejects(() => scheme.score(people, { answers: { 初试: answers }, details: { 初试: answers } }), { code: 'K0802' });
});

test('questions are told about', async () => {
  const folder = 'examples/qualification_exam';
  const scheme = Scheme.load(path(`${folder}/scheme.yaml`));
  const result = await scheme.score(csv(`${folder}/staff.csv`), { answers: csv(`${folder}/资格考试.csv`) });
  const told = result.examStatistics();
  assert.deepEqual([told.exam, told.sheets, told.leftOut, told.group, told.questions.length], ['资格考试', 16, [4, 5, 6], 4, 30]);
  const [first] = told.questions;
  assert.deepEqual([first.part, first.question, first.key], ['单选', 'S1', 'A']);
  assert.equal(Number(first.difficulty), first.right / 16);
  assert.equal(first.invalid, 0);
});

test('sheets come together, and raters are told to nobody', async () => {
  const scheme = Scheme.parse(rated);
  const sheet = (工号, 角色, 考评人, 评分) => ({ 工号, 角色, 考评人, 评分 });
  const sheets = [sheet('001', '上级', 'rater-1', 'AB'), sheet('001', '同事', 'rater-2', 'AA'), sheet('001', '同事', 'rater-3', 'BB'), sheet('002', '上级', 'rater-1', 'BA')];
  for (const ratings of [sheets, columnsOf(sheets), { 测评: sheets }]) {
    const result = await scheme.score(people, { ratings });
    assert.deepEqual(result.rows.map((row) => row.测评), ['91.20', '88.00', null]);
    const why = result.explain('001');
    assert.doesNotMatch(JSON.stringify(why.data) + why.text, /rater/);
  }
  const alone = sheets.slice(0, 3).map(({ 角色, 评分 }) => ({ 角色, 评分 }));
  assert.equal(scheme.scoreRow({ 工号: '001' }, { ratings: alone }).figures.测评, '91.20');
  await assert.rejects(() => scheme.score(people, { ratings: [...sheets, sheets[1]] }), { code: 'K0807' });
});

const severe = `
kaohe: 1
scheme: 考评
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    marks: { max: 100 }
    items: [{ name: 服务, points: 100 }]
    severity: additive
    roles: { 同事: { weight: 80 }, 本人: { weight: 20, self: true } }
    when_role_missing: renormalise
`;
const colleagues = (marks) => marks.map(([工号, 考评人, 服务]) => ({ 工号, 角色: '同事', 考评人, 服务 }));

test('sheets count without the severity of their raters', async () => {
  const scheme = Scheme.parse(severe);
  const marks = [['001', 'rater-a', 80], ['002', 'rater-a', 70], ['002', 'rater-b', 80], ['003', 'rater-b', 60]];
  const result = await scheme.score(people, { ratings: colleagues(marks) });
  assert.deepEqual(result.columns['测评.同事'], ['85', '75', '55']);
  assert.match(result.explain('003', { column: '测评.同事' }).text, /rated 60, the rater's effect \+5, counts as 55/);
  const apart = await scheme.score(people, { ratings: colleagues([marks[0], marks[1], marks[3]]) });
  assert.deepEqual([...new Set(apart.errors.filter(({ column }) => column === '测评.同事').map(({ code }) => code))], ['K1025']);
  assert.equal(apart.notes[0].code, 'K1025');
  assert.match(apart.notes[0].message, /1 rater of `003`/);
  assert.equal(scheme.scoreRow({ 工号: '001' }, { ratings: colleagues(marks.slice(0, 1)) }).problems[0].code, 'K0921');
});

test('the raters of a run agree as their ratings do', async () => {
  const scheme = Scheme.parse(severe);
  const marks = [['001', 'rater-a', 90], ['001', 'rater-b', 80], ['002', 'rater-a', 70], ['002', 'rater-b', 75], ['003', 'rater-a', 60], ['003', 'rater-b', 50]];
  const result = await scheme.score(people, { ratings: colleagues(marks) });
  const wanted = await agreement(marks.map(([ratee, rater, rating]) => ({ ratee, rater, rating })), { ratee: 'ratee', rater: 'rater', rating: 'rating' });
  for (const found of [await result.agreement(), await result.agreement('测评', { incomplete: 'leave_out' })]) {
    assert.deepEqual([found.rating, found.leftOut, found.roles.length], ['测评', [], 1]);
    const [{ role, sheets, raters, ratees, whole, items }] = found.roles;
    assert.deepEqual([role, sheets, raters, ratees], ['同事', 6, 2, 3]);
    assert.deepEqual(whole.figures, wanted.figures);
    assert.deepEqual(items.map(({ item, figures }) => [item, figures]), [['服务', wanted.figures]]);
    assert.doesNotMatch(JSON.stringify(found), /rater-/);
  }
  await assert.rejects(() => result.agreement('测苹'), { code: 'K0809' });
  await assert.rejects(() => result.agreement(null, { incomplete: 'never' }), { code: 'K0104' });
  const partly = await scheme.score(people, { ratings: [...colleagues(marks.slice(0, 3)), { 工号: '003', 角色: '同事', 考评人: '', 服务: 5 }] });
  assert.deepEqual((await partly.agreement()).leftOut, [4]);
});
