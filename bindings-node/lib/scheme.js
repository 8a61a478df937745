// A scheme: read, asked about itself, applied to a row, applied to a table.
'use strict';

const fs = require('node:fs');

const native = require('../native.js');
const batch = require('./batch.js');
const cells = require('./cells.js');
const { DataError, call, camel, language, problem } = require('./errors.js');
const { Explanation } = require('./explanation.js');
const { textOf } = require('./formula.js');
const { checkThreads, known } = require('./options.js');
const { columnName } = require('./result.js');

const MADE_HERE = Symbol('made here');

class Scheme {
  #native;

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

  scoreRow(row, options = {}) {
    known(options, ['details', 'given']);
    const facts = person(row, options);
    const { shown_rounded: shownRounded, as_of: asOf, problems, ...found } = JSON.parse(call(() => this.#native.scoreRow(...facts)));
    return { ...found, problems: problems.map(problem), shownRounded, asOf };
  }

  async score(table, options = {}) {
    known(options, ['asOf', 'details', 'given', 'signal', 'threads']);
    if (options.threads !== undefined) checkThreads(options.threads);
    const scheme = options.asOf === undefined ? this : this.withAsOf(options.asOf);
    return batch.score(scheme.#native, table, options);
  }

  explain(row, column = null, options = {}) {
    known(options, ['details', 'given', 'lang']);
    const facts = person(row, options);
    const word = language(options.lang ?? 'en');
    return new Explanation(call(() => this.#native.explain(...facts, columnName(column))), word);
  }

  runCases() {
    return camel(JSON.parse(this.#native.runCases()));
  }
}

/** One person's facts, detail rows and values of the run, as the native half takes them. */
function person(row, { details = {}, given = {} }) {
  return [cells.row(row), cells.detailRows(details), cells.given(given)];
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
