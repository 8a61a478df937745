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
  const cells = Object.create(null);
  const wrong = [];
  for (const name of Object.keys(facts)) {
    const text = marked(facts[name]);
    if (text === undefined) wrong.push([name, facts[name]]);
    cells[name.toWellFormed()] = text;
  }
  if (wrong.length > 0) throw noCells(wrong);
  return JSON.stringify(cells);
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

module.exports = { marked, noCells, row, isRow, noRow, put };
