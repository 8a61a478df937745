// Ratings by raters, apart from any scheme: how far they agree, and how severe each of them is.
'use strict';

const { setImmediate: turn } = require('node:timers/promises');

const native = require('../native.js');
const { noCells } = require('./cells.js');
const { DataError, aborted, call } = require('./errors.js');
const { known } = require('./options.js');
const { figuresOf } = require('./result.js');
const { takeOver } = require('./table.js');

/** How far raters agree. */
async function agreement(table, options) {
  const names = ['ratee', 'rater', 'rating', 'incomplete', 'signal'];
  const { ratee, rater, rating, incomplete } = words(options, names);
  const asked = call(() => native.NativeRatings.agreement(ratee, rater, rating, incomplete));
  return figuresOf(await answer(asked, table, options.signal));
}

/** How severe each rater is, and ratings without it. */
async function severity(table, options) {
  const names = ['ratee', 'rater', 'rating', 'method', 'withoutSpread', 'unconnected', 'signal'];
  const { ratee, rater, rating, method, withoutSpread, unconnected } = words(options, names);
  const asked = call(() => native.NativeRatings.severity(ratee, rater, rating, method, withoutSpread, unconnected));
  const found = await answer(asked, table, options.signal);
  return {
    ratings: rows(found.ratings),
    raters: rows(found.raters),
    ratees: rows(found.ratees),
    groups: found.groups,
    withoutSpread: found.without_spread,
    shownRounded: found.shown_rounded,
  };
}

async function answer(asked, table, signal) {
  const goOn = async () => {
    await turn();
    if (signal?.aborted) throw aborted(signal);
  };
  const wrong = [];
  await takeOver(asked, null, table, goOn, (name, cell) => wrong.push([name, cell]));
  if (wrong.length > 0) throw noCells(wrong);
  await goOn();
  const answered = await asked.answer();
  await goOn();
  return JSON.parse(call(() => answered.json()));
}

/** Options, each of them a word but for the signal; the names of columns and the method must be there. */
function words(options, names) {
  const given = typeof options === 'object' && options !== null ? options : {};
  known(given, names);
  const found = {};
  for (const name of names) {
    if (name === 'signal') continue;
    const word = given[name];
    const optional = ['incomplete', 'withoutSpread', 'unconnected'].includes(name);
    if (typeof word === 'string') found[name] = word.toWellFormed();
    else if (word !== undefined || !optional) {
      throw new DataError({
        code: word === undefined ? 'K0102' : 'K0906',
        message: word === undefined ? `the option \`${name}\` is missing` : `\`${name}\` must be text`,
        messageZh: word === undefined ? `缺少选项 \`${name}\`` : `\`${name}\` 应为文本`,
        offenders: [name],
      });
    }
  }
  return found;
}

/** A table of columns as row objects. */
function rows(columns) {
  const names = Object.keys(columns);
  return columns[names[0]].map((_, at) => Object.fromEntries(names.map((name) => [name, columns[name][at]])));
}

module.exports = { agreement, severity };
