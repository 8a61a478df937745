// Ratings by raters: agreement and severity as JavaScript sees them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DataError, agreement, severity } from 'kaohe';

const COLUMNS = { ratee: '被考核人', rater: '考评人', rating: '得分' };

/** One row for each rating, of ratings by ratee and rater. */
const sheets = (byRatee) =>
  byRatee.flatMap((row, ratee) => row.map((得分, rater) => ({ 被考核人: `e${ratee}`, 考评人: `r${rater}`, 得分 })));

const SHROUT_AND_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
const KRIPPENDORFF = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
  [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
];

const shown = (figures, names, places) => names.map((name) => Number(figures[name]).toFixed(places));

test('agreement is as published, by rows and by columns', async () => {
  const rows = sheets(SHROUT_AND_FLEISS);
  const found = await agreement(rows, COLUMNS);
  const forms = ['icc_1_1', 'icc_2_1', 'icc_3_1', 'icc_1_k', 'icc_2_k', 'icc_3_k'];
  assert.deepEqual(shown(found.figures, forms, 2), ['0.17', '0.29', '0.71', '0.44', '0.62', '0.91']);
  assert.match(found.figures.icc_1_1, /^0\.\d{12}$/);
  assert.ok(found.shownRounded.includes('icc_1_1'));
  const columns = Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name])]));
  assert.deepEqual(await agreement(columns, COLUMNS), found);

  const units = KRIPPENDORFF[0].map((_, unit) => KRIPPENDORFF.map((row) => row[unit]));
  const alphas = ['alpha_nominal', 'alpha_ordinal', 'alpha_interval', 'alpha_ratio'];
  const sparse = await agreement(sheets(units), COLUMNS);
  assert.deepEqual(shown(sparse.figures, alphas, 3), ['0.743', '0.815', '0.849', '0.797']);
  assert.equal(sparse.figures.kendall_w, null);
  assert.deepEqual(sparse.problems.map(({ code }) => code), Array(7).fill('K1022'));
  const complete = await agreement(sheets(units), { ...COLUMNS, incomplete: 'leave_out' });
  assert.deepEqual([complete.leftOut, complete.problems], [['e0', 'e9', 'e10', 'e11'], []]);
});

test('severity is taken out of ratings', async () => {
  const rows = [
    { 被考核人: '甲', 考评人: '张', 得分: '80' },
    { 被考核人: '乙', 考评人: '张', 得分: 70n },
    { 被考核人: '乙', 考评人: '王', 得分: 80 },
    { 被考核人: '丙', 考评人: '王', 得分: 60 },
    { 被考核人: '丁', 考评人: '王', 得分: null },
  ];
  const found = await severity(rows, { ...COLUMNS, method: 'additive' });
  assert.deepEqual(found.raters, [
    { rater: '张', ratings: 2, mean: '75', effect: '-5', factor: '1', counts: true, group: 1 },
    { rater: '王', ratings: 2, mean: '70', effect: '5', factor: '1', counts: true, group: 1 },
  ]);
  assert.deepEqual(found.ratings.map(({ adjusted }) => adjusted), ['85', '75', '75', '55', null]);
  assert.deepEqual(found.ratees.map(({ ratee, adjusted }) => [ratee, adjusted]), [['甲', '85'], ['乙', '75'], ['丙', '55']]);
  assert.deepEqual([found.groups, found.withoutSpread, found.shownRounded], [1, [], []]);
  const scores = await severity(rows, { ...COLUMNS, method: 'z_score' });
  assert.deepEqual(scores.raters.map(({ factor }) => factor), ['1.581138830084', '0.790569415042']);
});

test('what is refused has a code', async () => {
  const rows = sheets(SHROUT_AND_FLEISS);
  const refused = async (table, options, code, offenders) => {
    await assert.rejects(severity(table, { ...COLUMNS, method: 'additive', ...options }), (error) => {
      assert.ok(error instanceof DataError);
      assert.deepEqual([error.code, error.offenders], [code, offenders]);
      assert.ok(error.messageZh);
      return true;
    });
  };
  await refused(rows, { method: 'center' }, 'K0104', ['center']);
  await refused(rows, { method: undefined }, 'K0102', ['method']);
  await refused(rows, { rater: 7 }, 'K0906', ['rater']);
  await refused(rows, { rator: '考评人' }, 'K0101', ['rator']);
  await refused(rows, { withoutSpread: 'refuse' }, 'K0108', ['without_spread']);
  await refused(rows, { rater: '评委' }, 'K0801', ['评委']);
  await refused(sheets([[1, null], [null, 1]]), {}, 'K1025', ['r0', 'r1']);
  await refused([{ 被考核人: '甲', 考评人: '张', 得分: '好' }], {}, 'K0906', ['0']);
  await refused([{ 被考核人: '甲', 考评人: '张', 得分: new Date() }], {}, 'K0906', ['得分[0]']);
  await refused([...rows, rows[0]], {}, 'K1021', ['e0 × r0']);
  await assert.rejects(agreement(rows), DataError);
  await assert.rejects(agreement(rows, { ...COLUMNS, signal: AbortSignal.abort() }), { name: 'AbortError' });
});
