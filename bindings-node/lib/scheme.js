// A scheme: read, asked about itself, applied to a row, applied to a table.
'use strict';

const fs = require('node:fs');

const native = require('../native.js');
const batch = require('./batch.js');
const cells = require('./cells.js');
const { DataError, call, camel, language } = require('./errors.js');
const { Explanation } = require('./explanation.js');
const { textOf } = require('./formula.js');

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

  scoreRow(row) {
    const facts = cells.row(row);
    const { figures, shown_rounded: shownRounded, problems, complete } = JSON.parse(call(() => this.#native.scoreRow(facts)));
    return { figures, problems: camel(problems), complete, shownRounded };
  }

  async score(table, options = {}) {
    batch.checkOptions(options);
    const scheme = options.asOf === undefined ? this : this.withAsOf(options.asOf);
    return batch.score(scheme.#native, table, options);
  }

  explain(row, column = null, options = {}) {
    const { lang = 'en', ...unknown } = options;
    const [odd] = Object.keys(unknown);
    if (odd !== undefined) {
      throw new DataError({
        code: 'K0101',
        message: `there is no option \`${odd}\``,
        messageZh: `没有选项 \`${odd}\``,
        help: 'the option is `lang`; for another day explain with `scheme.withAsOf(day)`',
        helpZh: '可用的选项是 `lang`；换日期请用 `scheme.withAsOf(日期)`',
        offenders: [odd],
      });
    }
    const facts = cells.row(row);
    const name = column === null ? null : textOf(column, 'the column', '列名');
    const [json, text] = call(() => this.#native.explain(facts, name, language(lang)));
    return new Explanation(json, text);
  }

  runCases() {
    return camel(JSON.parse(this.#native.runCases()));
  }
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
