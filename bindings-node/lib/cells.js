// Cells on their way in: each a text whose first letter says what it was. `src/cell.rs` reads them.
'use strict';

const { DataError } = require('./errors.js');

/** A cell with its mark, `null` for a missing one, `undefined` for what is no cell. */
function marked(cell) {
  switch (typeof cell) {
    case 'string':
      return 't' + (cell.isWellFormed() ? cell : cell.toWellFormed());
    case 'number':
      return 'n' + cell; // the shortest text that means it; NaN is missing
    case 'bigint':
      return 'i' + cell;
    case 'boolean':
      return cell ? 'b1' : 'b0';
    case 'undefined':
      return null;
    default:
      return cell === null ? null : undefined;
  }
}

/** What is no cell, as people call it, with the way out. */
function described(cell) {
  if (typeof cell === 'number' || typeof cell === 'bigint') {
    return {
      what: [`${cell}, which is no whole number that is meant here`, `为 ${cell}，不是此处可用的整数`],
      help: ['units are whole numbers below 2^53, codes the places of their words, from 0', '`units` 为小于 2^53 的整数，`codes` 为词在词表中的位置，从 0 起'],
    };
  }
  if (cell instanceof Date) {
    return {
      what: ['a Date object, which is a moment and no calendar day', '是 Date 对象（时刻，而不是日期）'],
      help: ['pass the day as text, `2026-07-01`', '请以文本传入日期，如 `2026-07-01`'],
    };
  }
  const own = cell.constructor?.name;
  const kind = typeof cell === 'object' ? (own && own !== 'Object' ? `an object of ${own}` : 'an object') : `a ${typeof cell}`;
  return {
    what: [kind, typeof cell === 'object' ? `是${own && own !== 'Object' ? ` ${own} ` : ''}对象` : `是 ${typeof cell}`],
    help: [
      'a cell is a string, number, bigint, boolean or null; of a decimal object pass `x.toString()`',
      '单元格应为字符串、数字、bigint、布尔值或 null；高精度小数对象请传 `x.toString()`',
    ],
  };
}

/** The error that names every cell that is none: `found` are pairs of a name and the cell. */
function noCells(found) {
  const [[name, first]] = found;
  const { what, help } = described(first);
  const more = found.length - 1;
  return new DataError({
    code: 'K0906',
    message: `\`${name}\` is ${what[0]}` + (more > 0 ? ` (and ${more} more)` : ''),
    messageZh: `\`${name}\` ${what[1]}` + (more > 0 ? `（另有 ${more} 处）` : ''),
    help: help[0],
    helpZh: help[1],
    offenders: found.map(([each]) => each),
  });
}

/** A row as JSON of marked cells. */
function row(facts) {
  if (!isRow(facts)) throw noRow('the row', '这一行');
  const wrong = [];
  const cells = markedRow(facts, (name) => wrong.push([name, facts[name]]));
  if (wrong.length > 0) throw noCells(wrong);
  return JSON.stringify(cells);
}

/** The marked cells of a row by their names; what is none goes to `refuse`. */
function markedRow(facts, refuse) {
  const cells = Object.create(null);
  for (const name of Object.keys(facts)) {
    const text = marked(facts[name]);
    if (text === undefined) refuse(name);
    cells[name.toWellFormed()] = text ?? null;
  }
  return cells;
}

/** The values of the run as JSON of marked cells. */
function given(values) {
  if (!isRow(values)) throw noRow('`given`', '`given` ', ['given']);
  return row(values);
}

/** The detail tables by name. */
function details(tables) {
  if (!isRow(tables)) {
    throw new DataError({
      code: 'K0906',
      message: '`details` is no object of tables',
      messageZh: '`details` 不是由明细表名和表组成的对象',
      help: 'it is an object such as `{ 存款: [{ 工号: "007", 余额: "2415" }] }`',
      helpZh: '应为对象，如 `{ 存款: [{ 工号: "007", 余额: "2415" }] }`',
      offenders: ['details'],
    });
  }
  return Object.entries(tables).map(([name, table]) => [name.toWellFormed(), table]);
}

/** The detail rows of one person as JSON: pairs of a name and rows of marked cells. */
function detailRows(tables) {
  const wrong = [];
  const all = details(tables).map(([table, rows]) => {
    if (!Array.isArray(rows)) throw noRow(`the table \`${table}\``, `表 \`${table}\` `, [table]);
    const marks = rows.map((facts, at) => {
      if (!isRow(facts)) throw noRow(`\`${table}[${at}]\``, `\`${table}[${at}]\` `, [`${table}[${at}]`]);
      return markedRow(facts, (name) => wrong.push([`${table}.${name}[${at}]`, facts[name]]));
    });
    return [table, marks];
  });
  if (wrong.length > 0) throw noCells(wrong);
  return JSON.stringify(all);
}

/** Whether this can be one person's facts. */
function isRow(facts) {
  return typeof facts === 'object' && facts !== null && !Array.isArray(facts) && !ArrayBuffer.isView(facts) && !(facts instanceof Map);
}

function noRow(en, zh, offenders = []) {
  return new DataError({
    code: 'K0906',
    message: `${en} is no object of facts`,
    messageZh: `${zh}不是由指标名和值组成的对象`,
    help: 'a row is an object such as `{ 工号: "007", 日均存款: "2415" }`',
    helpZh: '一行应为对象，如 `{ 工号: "007", 日均存款: "2415" }`',
    offenders,
  });
}

/** Sets a property whatever its name: `__proto__` too is only a name. */
function put(object, name, value) {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

module.exports = { detailRows, details, given, isRow, marked, noCells, noRow, put, row };
