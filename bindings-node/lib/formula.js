// One formula on its own.
'use strict';

const native = require('../native.js');
const cells = require('./cells.js');
const { DataError, call } = require('./errors.js');

class Formula {
  #native;
  #text;

  constructor(text, types = {}) {
    this.#text = textOf(text, 'the formula', '公式');
    const declared = Object.entries(types).map(([name, type]) => [name.toWellFormed(), declaration(type)]);
    this.#native = call(() => native.NativeFormula.parse(this.#text, JSON.stringify(declared)));
  }

  get text() {
    return this.#text;
  }

  get names() {
    return this.#native.names;
  }

  evaluate(row = {}) {
    const facts = cells.row(row);
    return JSON.parse(call(() => this.#native.evaluate(facts)));
  }

  evaluateExact(row = {}) {
    const facts = cells.row(row);
    const parts = call(() => this.#native.evaluateExact(facts));
    return parts && { numerator: BigInt(parts[0]), denominator: BigInt(parts[1]) };
  }
}

/** A type's word, or a declaration as in a scheme; JSON is a scheme's language too. */
function declaration(type) {
  if (typeof type === 'string') return type.toWellFormed();
  return JSON.stringify(type, (_, value) => (typeof value === 'bigint' ? String(value) : value)).toWellFormed();
}

/** A text as the native half can take it. */
function textOf(text, en, zh) {
  if (typeof text === 'string') return text.toWellFormed();
  throw new DataError({ code: 'K0906', message: `${en} must be text`, messageZh: `${zh}应为文本` });
}

module.exports = { Formula, textOf };
