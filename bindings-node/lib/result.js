// What was computed for people scored together: given back in blocks, and asked why afterwards.
'use strict';

const { setImmediate: turn } = require('node:timers/promises');

const { put } = require('./cells.js');
const { DataError, call, camel, form, language, problem } = require('./errors.js');
const { Explanation } = require('./explanation.js');
const { known } = require('./options.js');

const MADE_HERE = Symbol('made here');

/** Takes a run from the native half: its figures as text block by block, unless that waits until somebody asks. */
async function giveBack(run, byRows, text, goOn) {
  const about = JSON.parse(call(() => run.about()));
  const figures = new Figures(run, about, byRows);
  if (text) {
    while (figures.next()) await goOn();
  }
  return { result: new Result(MADE_HERE, run, about, figures), total: about.total };
}

/** The figures of a run as text, and its errors, taken over in blocks. */
class Figures {
  #run;
  #about;
  #byRows;
  #block = 0;
  columns;
  rows = [];
  errors = [];

  constructor(run, about, byRows) {
    this.#run = run;
    this.#about = about;
    this.#byRows = byRows;
    this.columns = new Map(about.columns.map((name) => [name, []]));
  }

  /** Takes the next block; says whether there was one. */
  next() {
    const { rows, block_rows: size } = this.#about;
    const start = this.#block * size;
    if (start >= rows) return false;
    const block = JSON.parse(call(() => this.#run.take(this.#block)));
    this.#block += 1;
    const figures = [...this.columns.values()];
    block.columns.forEach((found, at) => {
      for (const figure of found) figures[at].push(figure);
    });
    if (this.#byRows) objects(this.columns, start, Math.min(start + size, rows), this.rows);
    const problems = block.problems.map(problem);
    for (const [at, key, places] of block.of) {
      for (const place of places) this.errors.push({ row: start + at, key, ...problems[place] });
    }
    return true;
  }

  /** All of them, at once. */
  all() {
    while (this.next());
    return this;
  }
}

/** What was computed for people scored together. */
class Result {
  #run;
  #figures;

  constructor(made, run, about, figures) {
    if (made !== MADE_HERE) throw new TypeError('use await scheme.score(table)');
    this.length = about.rows;
    this.complete = about.complete;
    this.notes = about.notes.map(camel);
    this.fingerprint = about.fingerprint;
    this.asOf = about.as_of;
    this.given = about.given;
    this.#run = run;
    this.#figures = figures;
  }

  get rows() {
    const { columns, rows } = this.#figures.all();
    if (rows.length < this.length) objects(columns, rows.length, this.length, rows);
    return rows;
  }

  get columns() {
    const columns = {};
    for (const [name, figures] of this.#figures.all().columns) put(columns, name, figures);
    return columns;
  }

  get errors() {
    return this.complete ? [] : this.#figures.all().errors;
  }

  async arrow() {
    const bytes = await call(() => this.#run.arrow());
    return call(() => bytes.take());
  }

  async typedColumns() {
    const native = await call(() => this.#run.typed());
    const { rows, block_texts: size, columns } = JSON.parse(call(() => native.about()));
    const all = {};
    for (const [at, { name, form, places, words }] of columns.entries()) {
      await turn();
      const valid = call(() => native.valid(at)) ?? null;
      switch (form) {
        case 'units':
          put(all, name, { form, units: call(() => native.units(at)), places, valid });
          break;
        case 'codes':
          put(all, name, { form, codes: call(() => native.integers(at)), words, valid });
          break;
        case 'truths':
          put(all, name, { form, truths: call(() => native.truths(at)), valid });
          break;
        case 'days':
          put(all, name, { form, days: call(() => native.integers(at)), valid });
          break;
        default: {
          const texts = [];
          for (let block = 0; block * size < rows; block += 1) {
            await turn();
            for (const text of JSON.parse(call(() => native.texts(at, block)))) texts.push(text);
          }
          put(all, name, { form: 'texts', texts });
        }
      }
    }
    return all;
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
