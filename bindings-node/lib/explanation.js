// Why the figures of a row are what they are, in every form.
'use strict';

class Explanation {
  #native;
  #language;
  #written = new Map();

  constructor(native, language) {
    this.#native = native;
    this.#language = language;
  }

  /** Each form is written when it is first asked for. */
  #as(form) {
    if (!this.#written.has(form)) this.#written.set(form, this.#native[form](this.#language));
    return this.#written.get(form);
  }

  get text() {
    return this.#as('text');
  }

  get markdown() {
    return this.#as('markdown');
  }

  get html() {
    return this.#as('html');
  }

  get data() {
    return JSON.parse(this.#as('json'));
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.data;
  }
}

module.exports = { Explanation };
