// A table on its way in: people, or rows of a detail table. It is taken over in blocks, and between blocks the event loop
// goes on.
'use strict';

const { isRow, marked, noRow } = require('./cells.js');
const { DataError, call } = require('./errors.js');

const BLOCK_ROWS = 512;

/** What other libraries hold tables and columns in, and this package does not read. */
function notRead(en, zh, offender) {
  return new DataError({
    code: 'K0906',
    message: `\`${offender}\` is ${en}, which is not read`,
    messageZh: `\`${offender}\` 是${zh}，本库不读取`,
    help: 'pass row objects or arrays by column, with decimal strings, numbers or bigints in them',
    helpZh: '请传入行对象的数组，或由各列数组组成的对象；数用十进制字符串、number 或 bigint',
    offenders: [offender],
  });
}

/** Hands a table to the native half: people's, or that of a detail. What is no cell goes to `refuse`. */
async function takeOver(data, detail, table, goOn, refuse) {
  const source = await (Array.isArray(table) ? ofRows(detail, table, goOn) : ofColumns(detail, table));
  const headers = source.headers.map((header) => header.toWellFormed());
  const read = call(() => data.begin(detail, headers));
  const name = (header, at) => (detail === null ? `${header}[${at}]` : `${detail}.${header}[${at}]`);
  const block = source.uneven ? ofNames : ofCells;
  // a table without rows is one, too
  for (let start = 0; start === 0 || start < source.length; start += BLOCK_ROWS) {
    await goOn();
    block(data, source, read, start, Math.min(start + BLOCK_ROWS, source.length), (header, at, cell) => refuse(name(header, at), cell));
  }
}

/** A table that is an array of row objects. A header is what any row has. */
async function ofRows(detail, rows, goOn) {
  const headers = new Set();
  const shapes = new Map();
  const wrong = [];
  for (let at = 0; at < rows.length; at += 1) {
    if (at > 0 && at % (BLOCK_ROWS * 16) === 0) await goOn();
    if (!isRow(rows[at])) {
      wrong.push(at);
      continue;
    }
    const names = Object.keys(rows[at]);
    const shape = names.join('\u0000');
    if (shapes.has(shape)) continue;
    shapes.set(shape, names.length);
    for (const name of names) headers.add(name);
  }
  if (wrong.length > 0) {
    if (detail === null) throw noRow(`row ${wrong[0]}`, `第 ${wrong[0]} 行（从 0 起）`, wrong.map(String));
    const places = wrong.map((at) => `${detail}[${at}]`);
    throw noRow(`\`${places[0]}\``, `\`${places[0]}\` `, places);
  }
  const cell = (header, at) => (Object.hasOwn(rows[at], header) ? rows[at][header] : undefined);
  // a name that only some rows have may be a misspelt one, and then a default would stand in for the fact
  const uneven = rows.length === 0 || [...shapes.values()].some((names) => names < headers.size);
  return { length: rows.length, headers: [...headers], rows, cell, uneven };
}

/** A table that is an object of columns. */
async function ofColumns(detail, table) {
  const name = detail ?? 'table';
  if (ArrayBuffer.isView(table) || table instanceof ArrayBuffer) throw notRead('bytes', '字节数据', name);
  if (!isRow(table)) throw detail === null ? noRow('the table', '表') : noRow(`the table \`${detail}\``, `表 \`${detail}\` `, [detail]);
  const headers = Object.keys(table);
  const lengths = headers.map((header) => columnLength(header, table[header]));
  const odd = headers.filter((_, at) => lengths[at] !== lengths[0]);
  if (odd.length > 0) {
    const quoted = [headers[0], ...odd].map((header) => `\`${header}\``).join(', ');
    throw new DataError({
      code: 'K0906',
      message: `the columns ${quoted} are not of one length`,
      messageZh: `${quoted} 各列长度不一`,
      offenders: odd,
    });
  }
  return { length: lengths[0] ?? 0, headers, cell: (header, at) => table[header][at], uneven: false };
}

function columnLength(header, column) {
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) throw notRead('a column of 64-bit integers without their places', '未写明小数位数的 64 位整数列', header);
  if (column instanceof Float32Array || (globalThis.Float16Array && column instanceof globalThis.Float16Array)) {
    throw new DataError({
      code: 'K0906',
      message: `the column \`${header}\` is of short floats, whose decimal text JavaScript does not keep`,
      messageZh: `\`${header}\` 列是短浮点数，JavaScript 不保留其十进制文本`,
      help: 'pass the numbers as decimal strings, or as a Float64Array of the figures that are meant',
      helpZh: '请传十进制字符串，或装有原值的 Float64Array',
      offenders: [header],
    });
  }
  if (Array.isArray(column) || (ArrayBuffer.isView(column) && !(column instanceof DataView))) return column.length;
  throw new DataError({
    code: 'K0906',
    message: `the column \`${header}\` is no array`,
    messageZh: `\`${header}\` 列不是数组`,
    help: 'pass an array of row objects, or an object of columns',
    helpZh: '请传入行对象的数组，或由各列数组组成的对象',
    offenders: [header],
  });
}

/** A block by its columns, those alone that are looked at. */
function ofCells(data, { headers, cell }, read, start, end, refuse) {
  const looked = headers.filter((_, at) => read[at]);
  const columns = looked.map((header) => column((at) => cell(header, at), start, end, (at) => refuse(header, at, cell(header, at))));
  call(() => data.addColumns(end - start, columns));
}

/** Some cells of a column: as the numbers themselves when all are, otherwise each with its mark. */
function column(cell, start, end, refuse) {
  const numbers = new Float64Array(end - start);
  let at = start;
  for (; at < end; at += 1) {
    const each = cell(at);
    if (typeof each === 'number') numbers[at - start] = each;
    else if (each === null || each === undefined) numbers[at - start] = NaN;
    else break;
  }
  if (at === end) return numbers;
  const texts = new Array(end - start);
  for (at = start; at < end; at += 1) {
    const text = marked(cell(at));
    if (text === undefined) refuse(at);
    texts[at - start] = text ?? null;
  }
  return JSON.stringify(texts);
}

/** A block of rows that do not all have the same names. */
function ofNames(data, { headers, rows }, read, start, end, refuse) {
  const looked = new Set(headers.filter((_, at) => read[at]));
  const block = rows.slice(start, end).map((row, at) => {
    const cells = Object.create(null);
    for (const header of Object.keys(row)) {
      const text = looked.has(header) ? marked(row[header]) : null;
      if (text === undefined) refuse(header, start + at, row[header]);
      cells[header.toWellFormed()] = text ?? null;
    }
    return cells;
  });
  call(() => data.addRows(end - start, JSON.stringify(block)));
}

module.exports = { takeOver };
