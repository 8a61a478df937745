// What may stand beside a table or row: each option by its name, with everything else refused.
'use strict';

const { DataError } = require('./errors.js');

/** Holds options to the names there are. */
function known(options, names) {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue;
    const quoted = names.map((each) => `\`${each}\``);
    throw new DataError({
      code: 'K0101',
      message: `there is no option \`${name}\``,
      messageZh: `没有选项 \`${name}\``,
      help: `the options are ${quoted.join(', ')}` + (name === 'asOf' ? '; for another day use `scheme.withAsOf(day)`' : ''),
      helpZh: `可用的选项有 ${quoted.join('、')}` + (name === 'asOf' ? '；换日期请用 `scheme.withAsOf(日期)`' : ''),
      offenders: [name],
    });
  }
}

/** How many threads: a whole number. */
function checkThreads(threads) {
  if (Number.isInteger(threads) && threads >= 1) return;
  throw new DataError({
    code: 'K0407',
    message: '`threads` must be a whole number from 1',
    messageZh: '`threads` 应为不小于 1 的整数',
    offenders: ['threads'],
  });
}

/** Which columns are wanted: their names. */
function checkColumns(columns) {
  if (Array.isArray(columns) && columns.every((name) => typeof name === 'string')) return;
  throw new DataError({
    code: 'K0906',
    message: '`columns` must be an array of names',
    messageZh: '`columns` 应为列名的数组',
    offenders: ['columns'],
  });
}

/** An option of another kind than it should be. */
function checkKind(name, value, kind, zh) {
  if (typeof value === kind) return;
  throw new DataError({
    code: 'K0906',
    message: `\`${name}\` must be a ${kind}`,
    messageZh: `\`${name}\` 应为${zh}`,
    offenders: [name],
  });
}

module.exports = { checkColumns, checkKind, checkThreads, known };
