// kaohe for Node.js: what CommonJS requires. `index.mjs` says the same to ESM, `index.d.ts` to TypeScript.
'use strict';

const { CellError, DataError, KaoheError, SchemeError } = require('./lib/errors.js');
const { Explanation } = require('./lib/explanation.js');
const { Formula } = require('./lib/formula.js');
const { agreement, severity } = require('./lib/ratings.js');
const { RatingRound } = require('./lib/round.js');
const { Result } = require('./lib/result.js');
const { Scheme } = require('./lib/scheme.js');
const { version } = require('./package.json');

module.exports = {
  CellError, DataError, Explanation, Formula, KaoheError, RatingRound, Result, Scheme, SchemeError, agreement, severity,
  version,
};
