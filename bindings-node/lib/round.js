// A round of rating: sheets for raters, and what comes of them.
'use strict';

const native = require('../native.js');
const { DataError, call } = require('./errors.js');
const { textOf } = require('./formula.js');
const { known } = require('./options.js');
const { Scheme } = require('./scheme.js');

const note = ({ code, message, message_zh: messageZh }) => ({ code, message, messageZh });

class RatingRound {
  #native;

  constructor(scheme, members, options = {}) {
    known(options, ['rating', 'log']);
    if (!(scheme instanceof Scheme)) throw new DataError({ code: 'K0906', message: 'a round needs a Scheme', messageZh: '需要一个 Scheme' });
    const { rating, log = '' } = options;
    const bytes = typeof log === 'string' ? Buffer.from(log.toWellFormed()) : log;
    const name = rating === undefined ? undefined : textOf(rating, 'the rating', '测评');
    this.#native = call(() => native.NativeRound.of(scheme.source, JSON.stringify([...members]), name, bytes));
  }

  get rating() {
    return this.#native.rating;
  }

  get fingerprint() {
    return this.#native.fingerprint;
  }

  get isOpen() {
    return this.#native.isOpen;
  }

  get lost() {
    return JSON.parse(this.#native.lost).map(note)[0] ?? null;
  }

  get notes() {
    return this.#ask('notes').map(note);
  }

  #act(verb, { at, device = 'node' }, what) {
    return call(() => this.#native.act(JSON.stringify({ do: verb, at, device, ...what })));
  }

  #ask(question, what = {}) {
    return JSON.parse(call(() => this.#native.ask(JSON.stringify({ ask: question, ...what }))));
  }

  open(by, stamp) {
    return this.#act('open', stamp, { by });
  }

  close(by, stamp) {
    return this.#act('close', stamp, { by });
  }

  mark(rater, sheet, item, mark, stamp) {
    return this.#act('mark', stamp, { rater, sheet, item, mark: String(mark) });
  }

  clear(rater, sheet, item, stamp) {
    return this.#act('clear', stamp, { rater, sheet, item });
  }

  submit(rater, sheet, stamp) {
    return this.#act('submit', stamp, { rater, sheet });
  }

  withdraw(rater, sheet, stamp) {
    return this.#act('withdraw', stamp, { rater, sheet });
  }

  reopen(sheet, by, reason, stamp) {
    return this.#act('reopen', stamp, { sheet, by, reason });
  }

  sheets(rater) {
    return this.#ask('sheets', { rater });
  }

  tasks(rater) {
    return this.#ask('tasks', { rater });
  }

  sheet(id) {
    return this.#ask('sheet', { sheet: textOf(id, 'the id of a sheet', '考评表编号') });
  }

  sheetOf(rater, ratee, role) {
    return this.#ask('sheet', { rater, ratee, role });
  }

  progress() {
    return this.#ask('progress');
  }

  submitted() {
    return this.#ask('submitted');
  }

  refused() {
    return this.#ask('refused').map(({ message_zh: messageZh, ...rest }) => ({ ...rest, messageZh }));
  }

  insert(line) {
    const text = textOf(line, 'an event', '事件');
    return call(() => this.#native.insert(text));
  }

  merge(other) {
    return call(() => this.#native.merge(other.#native));
  }

  toJsonLines() {
    return this.#native.toJsonLines();
  }
}

module.exports = { RatingRound };
