// One person after the other, quickly: the two halves know the same two stretches of memory, and nothing is written as
// JSON. `src/quick.rs` reads and writes the other side. Whatever is unusual, or has a problem to tell, goes the long way.
'use strict';

const { isRow } = require('./cells.js');
const { call } = require('./errors.js');

const TEXT_BYTES = 1 << 14;

/** What a cell is on its way in. */
const MISSING = 0;
const NUMBER = 1;
const TEXT = 2;
const FALSE = 3;
const TRUE = 4;
const INTEGER = 5;

/** What a figure is on its way out; 0 is none. */
const OUT_TEXT = 1;
const OUT_WIDE = 2;
const OUT_FALSE = 3;
const OUT_TRUE = 4;
const OUT_WORD = 5;
const OUT_SAME = 6;
const OUT_ROUNDED = 0x80;

/** What stands for rows that can only go the long way. */
const LONG_WAY = { score: () => undefined };

class QuickRows {
  #native;
  #basis;
  // in
  #row;
  #numbers;
  #starts;
  #ends;
  #tags;
  #textsAt;
  #texts;
  // out
  #answer;
  #answerEnds;
  #answerValues;
  #answerTags;
  #answerAt;
  #names;
  #words;
  #empty;
  // the names of the last row, and the input of each
  #keys = [];
  #places = [];

  /** What scores the rows of a scheme. One that reads details or values of the run goes the long way. */
  static of(made) {
    if (made.details !== '[]' || made.given !== '[]') return LONG_WAY;
    return new QuickRows(made);
  }

  constructor(made) {
    this.#native = made.scorer();
    this.#basis = { fingerprint: made.fingerprint, asOf: made.day ?? null };
    const inputs = JSON.parse(made.inputs).length;
    const columns = JSON.parse(made.columns);
    this.#names = columns.map(({ name }) => name);
    this.#words = columns.map(({ values }) => values ?? null);
    this.#empty = Object.fromEntries(this.#names.map((name) => [name, null]));
    const row = new ArrayBuffer(inputs * 17 + TEXT_BYTES);
    this.#row = Buffer.from(row);
    this.#numbers = new Float64Array(row, 0, inputs);
    this.#starts = new Uint32Array(row, inputs * 8, inputs);
    this.#ends = new Uint32Array(row, inputs * 12, inputs);
    this.#tags = new Uint8Array(row, inputs * 16, inputs);
    this.#textsAt = inputs * 17;
    this.#texts = new Array(inputs).fill('');
    const shown = this.#names.length;
    const answer = new ArrayBuffer(shown * 9 + TEXT_BYTES);
    this.#answer = Buffer.from(answer);
    this.#answerEnds = new Uint32Array(answer, 0, shown);
    this.#answerValues = new Uint32Array(answer, shown * 4, shown);
    this.#answerTags = new Uint8Array(answer, shown * 8, shown);
    this.#answerAt = shown * 9;
  }

  /** Everything computed for a row; nothing when it has to go the long way. */
  score(row) {
    if (!isRow(row)) return undefined;
    const keys = Object.keys(row);
    if (!this.#isKnown(keys) && !this.#bind(keys)) return undefined;
    if (!this.#write(row, keys)) return undefined;
    const bytes = this.#native.score(this.#row, this.#answer);
    return bytes < 0 ? undefined : this.#read(bytes);
  }

  #isKnown(keys) {
    const known = this.#keys;
    if (keys.length !== known.length) return false;
    for (let at = 0; at < keys.length; at += 1) if (keys[at] !== known[at]) return false;
    return true;
  }

  /** Looks names up once; rows mostly have those of the last. */
  #bind(keys) {
    const places = call(() => this.#native.bind(keys.map((key) => key.toWellFormed())));
    const own = places.filter((place) => place >= 0);
    if (new Set(own).size < own.length) return false;
    this.#keys = keys;
    this.#places = places;
    this.#tags.fill(MISSING);
    return true;
  }

  /** Writes the cells of a row where the other half reads them. */
  #write(row, keys) {
    const places = this.#places;
    const tags = this.#tags;
    let end = 0;
    for (let at = 0; at < keys.length; at += 1) {
      const cell = row[keys[at]];
      const place = places[at];
      switch (typeof cell) {
        case 'number':
          if (place < 0) break;
          tags[place] = NUMBER;
          this.#numbers[place] = cell;
          break;
        case 'string':
          if (place < 0) break;
          tags[place] = TEXT;
          end = this.#text(place, cell, end);
          break;
        case 'bigint':
          if (place < 0) break;
          tags[place] = INTEGER;
          end = this.#text(place, String(cell), end);
          break;
        case 'boolean':
          if (place >= 0) tags[place] = cell ? TRUE : FALSE;
          break;
        case 'undefined':
          if (place >= 0) tags[place] = MISSING;
          break;
        default:
          if (cell !== null) return false;
          if (place >= 0) tags[place] = MISSING;
      }
      if (end < 0) return false;
    }
    return true;
  }

  /** Writes a text; says where it ends, or -1 when there is no room. */
  #text(place, text, from) {
    const length = text.length;
    if (from + length * 3 > TEXT_BYTES) return -1;
    const bytes = this.#row;
    const start = this.#textsAt + from;
    let end = from + length;
    this.#texts[place] = text;
    this.#starts[place] = from;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 127) {
        const whole = text.isWellFormed() ? text : text.toWellFormed();
        this.#texts[place] = whole;
        end = from + bytes.write(whole, start);
        break;
      }
      bytes[start + at] = code;
    }
    this.#ends[place] = end;
    return end;
  }

  /** The figures that the other half has written. */
  #read(bytes) {
    const start = this.#answerAt;
    const all = this.#answer.toString('latin1', start, start + bytes);
    const names = this.#names;
    const ends = this.#answerEnds;
    const tags = this.#answerTags;
    const figures = { ...this.#empty };
    const shownRounded = [];
    let from = 0;
    for (let at = 0; at < names.length; at += 1) {
      const tag = tags[at];
      const end = ends[at];
      switch (tag & ~OUT_ROUNDED) {
        case OUT_TEXT:
          figures[names[at]] = all.slice(from, end);
          break;
        case OUT_WIDE:
          figures[names[at]] = this.#answer.toString('utf8', start + from, start + end);
          break;
        case OUT_FALSE:
          figures[names[at]] = false;
          break;
        case OUT_TRUE:
          figures[names[at]] = true;
          break;
        case OUT_WORD:
          figures[names[at]] = this.#words[at][this.#answerValues[at]];
          break;
        case OUT_SAME:
          figures[names[at]] = this.#texts[this.#answerValues[at]];
          break;
        default:
      }
      if (tag & OUT_ROUNDED) shownRounded.push(names[at]);
      from = end;
    }
    const { fingerprint, asOf } = this.#basis;
    return { figures, complete: true, fingerprint, given: {}, problems: [], shownRounded, asOf };
  }
}

module.exports = { QuickRows };
