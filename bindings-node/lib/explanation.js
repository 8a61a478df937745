// Why the figures of a row are what they are, as data and as text.
'use strict';

class Explanation {
  #json;

  constructor(json, text) {
    this.#json = json;
    this.text = text;
  }

  get data() {
    return JSON.parse(this.#json);
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.data;
  }
}

module.exports = { Explanation };
