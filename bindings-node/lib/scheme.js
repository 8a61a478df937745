// A scheme: read, asked about itself, applied to a row, applied to a table.
'use strict';

const fs = require('node:fs');

const native = require('../native.js');
const batch = require('./batch.js');
const cells = require('./cells.js');
const { DataError, call, camel, language, problem } = require('./errors.js');
const { Explanation } = require('./explanation.js');
const { textOf } = require('./formula.js');
const { checkColumns, checkKind, checkThreads, known } = require('./options.js');
const { QuickRows } = require('./quick.js');
const { columnName } = require('./result.js');

const MADE_HERE = Symbol('made here');
const NONE = Object.freeze({});

class Scheme {
  #native;
  // made when the first row comes
  #quick;

  constructor(made, key) {
    if (key !== MADE_HERE) throw new TypeError('use Scheme.load(path) or Scheme.parse(text)');
    this.#native = made;
  }

  static load(path) {
    return Scheme.#read(utf8(fs.readFileSync(path), String(path)), String(path));
  }

  static parse(text) {
    return Scheme.#read(textOf(text, 'the scheme', '方案'), undefined);
  }

  static check(text) {
    return camel(JSON.parse(native.NativeScheme.check(textOf(text, 'the scheme', '方案'))));
  }

  static #read(text, file) {
    return new Scheme(
      call(() => native.NativeScheme.parse(text, file)),
      MADE_HERE,
    );
  }

  get name() {
    return this.#native.name;
  }

  get edition() {
    return this.#native.edition;
  }

  get asOf() {
    return this.#native.day;
  }

  get fingerprint() {
    return this.#native.fingerprint;
  }

  get source() {
    return this.#native.source;
  }

  get warnings() {
    return camel(JSON.parse(this.#native.warnings));
  }

  get inputs() {
    return JSON.parse(this.#native.inputs);
  }

  get details() {
    return JSON.parse(this.#native.details);
  }

  get given() {
    return JSON.parse(this.#native.given);
  }

  get columns() {
    return JSON.parse(this.#native.columns);
  }

  withAsOf(day) {
    const text = textOf(day, 'the day', '日期');
    return new Scheme(
      call(() => this.#native.asOf(text)),
      MADE_HERE,
    );
  }

  scoreRow(row, options = NONE) {
    if (options === NONE || Object.keys(options).length === 0) {
      this.#quick ??= QuickRows.of(this.#native);
      const found = this.#quick.score(row);
      if (found !== undefined) return found;
    }
    known(options, ['answers', 'details', 'given', 'ratings']);
    const facts = person(this.#native, row, options);
    const { shown_rounded: shownRounded, as_of: asOf, problems, ...found } = JSON.parse(call(() => this.#native.scoreRow(...facts)));
    return { ...found, problems: problems.map(problem), shownRounded, asOf };
  }

  async score(table, options = {}) {
    known(options, ['answers', 'asOf', 'columns', 'details', 'given', 'progress', 'ratings', 'signal', 'text', 'threads', 'transfer']);
    const { columns, progress, signal, text, threads, transfer } = options;
    if (threads !== undefined) checkThreads(threads);
    if (columns !== undefined) checkColumns(columns);
    if (progress !== undefined) checkKind('progress', progress, 'function', '函数');
    if (text !== undefined) checkKind('text', text, 'boolean', '布尔值');
    if (transfer !== undefined) checkKind('transfer', transfer, 'boolean', '布尔值');
    if (signal !== undefined && !(signal instanceof AbortSignal)) checkKind('signal', null, 'AbortSignal', ' AbortSignal');
    const scheme = options.asOf === undefined ? this : this.withAsOf(options.asOf);
    return batch.score(scheme.#native, table, { ...options, details: together(scheme.#native, options, false) });
  }

  explain(row, column = null, options = {}) {
    known(options, ['answers', 'details', 'given', 'lang', 'ratings']);
    const facts = person(this.#native, row, options);
    const word = language(options.lang ?? 'en');
    return new Explanation(call(() => this.#native.explain(...facts, columnName(column))), word);
  }

  runCases() {
    return camel(JSON.parse(this.#native.runCases()));
  }
}

/** One person's facts, detail rows and values of the run, as the native half takes them. */
function person(made, row, options) {
  return [cells.row(row), cells.detailRows(together(made, options, true)), cells.given(options.given ?? {})];
}

/** The detail tables with those that `answers` and `ratings` bring: by name, or one for the only exam or appraisal. */
function together(made, { details = {}, ...options }, alone) {
  let all = details;
  for (const option of ['answers', 'ratings']) {
    const value = options[option];
    if (value === undefined || value === null) continue;
    const names = JSON.parse(made.details).flatMap(({ kind, name }) => (kind === option ? [name] : []));
    // nothing at all, of a scheme that asks for nothing or for several by name
    if (cells.isRow(value) && Object.keys(value).length === 0 && names.length !== 1) continue;
    const byName = cells.isRow(value) && names.some((name) => Object.hasOwn(value, name));
    const tables = byName ? value : { [call(() => made.onlyTable(option))]: value };
    for (const [name, table] of Object.entries(tables)) {
      if (Object.hasOwn(all, name)) throw givenTwice(name);
      // one person's answers are a row of their own
      all = { ...all, [name]: alone && cells.isRow(table) ? [table] : table };
    }
  }
  return all;
}

function givenTwice(name) {
  return new DataError({
    code: 'K0802',
    message: `the table \`${name}\` is given twice`,
    messageZh: `表 \`${name}\` 给了两次`,
    help: 'give it once',
    helpZh: '请只给一次',
    offenders: [name],
  });
}

/** A file's text; anything but UTF-8 would be read as other characters than were written. */
function utf8(bytes, file) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError({
      code: 'K0003',
      message: `the file \`${file}\` is not UTF-8`,
      messageZh: `文件 \`${file}\` 不是 UTF-8 编码`,
      help: 'save it as UTF-8, or decode it and use Scheme.parse(text)',
      helpZh: '请另存为 UTF-8，或自行解码后用 Scheme.parse(text)',
      offenders: [file],
    });
  }
}

module.exports = { Scheme };
