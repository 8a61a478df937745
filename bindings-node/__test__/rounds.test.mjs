// Rounds of rating: the tables that Rust and Python run too, ids apart from the library, and what is JavaScript's own.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { DataError, RatingRound, Scheme } from '../index.mjs';
import { tables } from './support/files.mjs';

function meant(round, { sheet_of: of, entry, rater, ratee }) {
  if (of !== undefined) return round.sheetOf(...of).id;
  if (entry !== undefined) return round.sheets(rater).find((sheet) => sheet.entry === entry).id;
  return round.sheetOf(rater, ratee).id;
}

function carryOut(round, step, stamp) {
  const { do: verb, rater, item, mark, by, reason } = step;
  if (verb === 'open' || verb === 'close') return round[verb](by, stamp);
  const id = meant(round, step);
  if (verb === 'reopen') return round.reopen(id, by, reason, stamp);
  if (verb === 'mark') return round.mark(rater, id, item, mark, stamp);
  if (verb === 'clear') return round.clear(rater, id, item, stamp);
  return round[verb](rater, id, stamp);
}

function play(scheme, { members, steps = [] }) {
  let round = new RatingRound(scheme, members);
  let fork;
  steps.forEach((step, number) => {
    if (step.do === 'leave') round = new RatingRound(scheme, members, { log: round.toJsonLines() });
    else if (step.do === 'fork') fork = new RatingRound(scheme, members, { log: Buffer.from(round.toJsonLines()) });
    else if (step.do === 'merge') round.merge(fork);
    else if (step.do === 'members') round = new RatingRound(scheme, step.members, { log: round.toJsonLines() });
    else {
      const at = step.at ?? `2026-10-01T09:00:${String(number).padStart(2, '0')}`;
      const [target, device] = step.on === 'fork' ? [fork, 'pc2'] : [round, 'pc'];
      let got;
      try {
        got = carryOut(target, step, { at, device }) === null ? 'nothing' : 'done';
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        got = error.code;
        if (step.offenders) assert.deepEqual(error.offenders, step.offenders);
      }
      assert.equal(got, step.refused ?? (step.nothing ? 'nothing' : 'done'), `step ${number}`);
    }
  });
  return round;
}

let played = 0;
for (const { name, cases } of tables('rounds')) {
  for (const each of cases) {
    played += 1;
    test(`${name}: ${each.name}`, () => {
      const scheme = Scheme.parse(each.scheme);
      if (each.error) {
        assert.throws(() => new RatingRound(scheme, each.members), { code: each.error, offenders: each.offenders });
        return;
      }
      const made = new RatingRound(scheme, each.members);
      assert.deepEqual(made.notes.map(({ code }) => code), each.notes ?? []);
      if (each.ids) assert.deepEqual(made.sheets().map(({ id }) => id), each.ids);
      if (each.sheets) {
        const all = new Set(made.sheets().flatMap(({ marks }) => Object.keys(marks))).size;
        const items = ({ marks }) => (Object.keys(marks).length < all ? Object.keys(marks).join(' ') : '');
        const found = made.sheets().map((sheet) => [sheet.rater, sheet.role, sheet.ratee, sheet.group ?? '', items(sheet)]);
        assert.deepEqual(found, each.sheets);
      }
      const round = play(scheme, each);
      for (const [rater, want] of Object.entries(each.tasks ?? {})) {
        assert.deepEqual(round.tasks(rater).map(({ ratee, outstanding }) => `${ratee}: ${outstanding.join(' ')}`), want);
      }
      if (each.submitted) {
        const row = ({ ratee, role, rater, marks }) => [ratee, role, rater, ...Object.values(marks).map((mark) => mark ?? '')];
        assert.deepEqual(round.submitted().map(row), each.submitted);
      }
      if (each.progress) {
        const row = ({ role, group, sheets, untouched, started, submitted }) => [role, group ?? '', sheets, untouched, started, submitted];
        assert.deepEqual(round.progress().map(row), each.progress);
      }
      for (const [rater, want] of Object.entries(each.reopened ?? {})) {
        assert.deepEqual(round.sheets(rater).flatMap(({ reopened }) => reopened.map(({ by, reason }) => `${by}: ${reason}`)), want);
      }
      assert.deepEqual(round.refused().map(({ event, code }) => `${event} ${code}`), each.refused ?? []);
      const lines = round.toJsonLines().trimEnd().split('\n');
      if (each.events) assert.equal(lines.length, each.events);
      if (each.log) assert.equal(round.toJsonLines(), each.log);
    });
  }
}

test('there are tables', () => assert.ok(played > 15));

const SCHEME = Scheme.parse(`
kaohe: 1
scheme: 客户经理考核
edition: 2026Q3
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    stars: 5
    items: [{ name: 服务_质量, points: 100 }]
    roles: { 上级: { weight: 100 } }
    plan: [{ rated: 经理, raters: [上级] }]
`);
const PEOPLE = [['王', '上级', null], ['甲', '经理', '东'], ['乙', '经理']];

test('ids are as they are defined', () => {
  for (const { id, role, rater, ratee } of new RatingRound(SCHEME, PEOPLE).sheets()) {
    const fields = ['kaohe sheet 1', '客户经理考核', '2026Q3', '', '', '测评', '经理', role, rater, ratee];
    const hash = createHash('sha256');
    for (const field of fields) hash.update(`${Buffer.byteLength(field)}:${field}\n`);
    assert.equal(id, hash.digest('hex').slice(0, 16));
  }
});

test('events go from round to round, and what is wrong is told', () => {
  const round = new RatingRound(SCHEME, PEOPLE);
  assert.equal(round.isOpen, false);
  round.open('人事部', { at: '2026-10-01T08:00:00' });
  const { id } = round.sheetOf('王', '甲');
  const line = round.mark('王', id, '服务_质量', 4, { at: '2026-10-01T08:00:00.5' });
  assert.equal(round.sheet(id).marks['服务_质量'], '4');
  const other = new RatingRound(SCHEME, PEOPLE, { log: round.toJsonLines().slice(0, -20) });
  assert.equal(other.lost.code, 'K1015');
  assert.deepEqual([other.insert(line), other.insert(line)], [true, false]);
  assert.equal(other.toJsonLines(), round.toJsonLines());
  assert.equal(other.merge(round), 0);
  assert.throws(() => new RatingRound(SCHEME, [['王', 5]]), { code: 'K0906' });
  assert.throws(() => new RatingRound(SCHEME, PEOPLE, { rating: '评' }), { code: 'K0809' });
  assert.throws(() => new RatingRound(SCHEME, PEOPLE, { logs: '' }), { code: 'K0101' });
  assert.throws(() => round.close('人事部', { at: new Date(0).toISOString() }), { code: 'K1016' });
  assert.throws(() => round.mark('王', id, '服务_质量', 6, { at: '2026-10-01T08:00:00' }), { code: 'K0941' });
  assert.throws(() => round.mark('王', undefined, '服务_质量', 5, { at: '2026-10-01T08:00:00' }), { code: 'K0906' });
});

test('somebody is asked for by text alone, and a sheet says what is asked', () => {
  const round = new RatingRound(SCHEME, PEOPLE);
  // the sheets of the rater 7 are not those of all
  for (const ask of [() => round.sheets(7), () => round.tasks(7), () => round.sheetOf('王', '甲', 5)]) {
    assert.throws(ask, { code: 'K0906' });
  }
  assert.equal(round.sheets().length, 2);
  assert.deepEqual(round.sheets()[0].items, [{ name: '服务_质量', standard: null, anchors: {} }]);
  assert.deepEqual(round.sheets()[0].scale, { stars: 5 });
});
