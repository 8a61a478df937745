// What was computed for people scored together: given back in blocks, and asked why afterwards.
'use strict';

const { put } = require('./cells.js');
const { DataError, call, camel, form, language, problem } = require('./errors.js');
const { Explanation } = require('./explanation.js');
const { known } = require('./options.js');

const MADE_HERE = Symbol('made here');

/** Takes a run from the native half, block by block. */
async function giveBack(run, byRows, goOn) {
  const about = JSON.parse(call(() => run.about()));
  const columns = new Map(about.columns.map((name) => [name, []]));
  const figures = [...columns.values()];
  const keys = columns.get(about.key);
  const rows = [];
  const errors = [];
  for (let start = 0; start < about.rows; start += about.block_rows) {
    await goOn();
    const block = JSON.parse(call(() => run.take(start / about.block_rows)));
    block.columns.forEach((found, at) => {
      for (const figure of found) figures[at].push(figure);
    });
    if (byRows) objects(columns, start, Math.min(start + about.block_rows, about.rows), rows);
    const problems = block.problems.map(problem);
    for (const [at, places] of block.of) {
      const row = start + at;
      for (const place of places) errors.push({ row, key: keys?.[row] ?? null, ...problems[place] });
    }
  }
  return new Result(MADE_HERE, run, about, columns, rows, errors);
}

/** What was computed for people scored together. */
class Result {
  #run;
  #columns;
  #rows;

  constructor(made, run, about, columns, rows, errors) {
    if (made !== MADE_HERE) throw new TypeError('use await scheme.score(table)');
    this.length = about.rows;
    this.errors = errors;
    this.complete = about.complete;
    this.notes = about.notes.map(camel);
    this.fingerprint = about.fingerprint;
    this.asOf = about.as_of;
    this.given = about.given;
    this.#run = run;
    this.#columns = columns;
    this.#rows = rows;
  }

  get rows() {
    if (this.#rows.length < this.length) objects(this.#columns, 0, this.length, this.#rows);
    return this.#rows;
  }

  get columns() {
    const columns = {};
    for (const [name, figures] of this.#columns) put(columns, name, figures);
    return columns;
  }

  examStatistics(exam = null) {
    return camel(JSON.parse(call(() => this.#run.examStatistics(exam === null ? undefined : columnName(exam)))));
  }

  async agreement(rating = null, options = {}) {
    known(options, ['incomplete']);
    const { incomplete = null } = options;
    const found = await call(() => this.#run.agreement(columnName(rating), columnName(incomplete)));
    const told = JSON.parse(call(() => found.json()));
    const roles = told.roles.map(({ whole, items, ...role }) => ({
      ...role,
      whole: figuresOf(whole),
      items: items.map(({ item, ...each }) => ({ item, ...figuresOf(each) })),
    }));
    return { rating: told.rating, roles, leftOut: told.left_out };
  }

  explain(key, options = {}) {
    known(options, ['column', 'lang']);
    const { column, lang = 'en' } = options;
    const word = language(lang);
    return new Explanation(call(() => this.#run.explain(keyText(key), columnName(column))), word);
  }

  report(key, options = {}) {
    known(options, ['format', 'lang']);
    const { format = 'html', lang = 'en' } = options;
    return call(() => this.#run.report(keyText(key), form(format), language(lang)));
  }

  async reports(options = {}) {
    known(options, ['keys', 'format', 'lang']);
    const { keys, format = 'html', lang = 'en' } = options;
    const whose = keys === undefined || keys === null ? null : Array.from(keys, keyText);
    const text = await call(() => this.#run.reports(whose, form(format), language(lang)));
    return call(() => text.take());
  }

  async teamReport(options = {}) {
    known(options, ['by', 'format', 'lang']);
    const { by, format = 'html', lang = 'en' } = options;
    const text = await call(() => this.#run.teamReport(columnName(by), form(format), language(lang)));
    return call(() => text.take());
  }
}

/** Figures of agreement as JavaScript names them. */
function figuresOf({ figures, shown_rounded, problems, left_out }) {
  return { figures, shownRounded: shown_rounded, problems: problems.map(problem), leftOut: left_out };
}

/** A key as the text it is published as. */
function keyText(key) {
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof key)) return String(key).toWellFormed();
  throw new DataError({ code: 'K0906', message: 'the key must be text', messageZh: '键应为文本' });
}

/** A column's name, or nothing when all are meant. */
function columnName(column) {
  if (column === undefined || column === null) return null;
  if (typeof column === 'string') return column.toWellFormed();
  throw new DataError({ code: 'K0906', message: 'the column must be text', messageZh: '列名应为文本' });
}

function objects(columns, start, end, rows) {
  const pairs = [...columns];
  for (let at = start; at < end; at += 1) {
    const row = {};
    for (const [name, figures] of pairs) put(row, name, figures[at]);
    rows.push(row);
  }
}

module.exports = { Result, columnName, figuresOf, giveBack };
