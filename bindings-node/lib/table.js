// A table on its way in: people, or rows of a detail table, as row objects, columns or Arrow's bytes. It is taken over in
// blocks, and between blocks the event loop goes on.
'use strict';

const { isRow, marked, noRow } = require('./cells.js');
const { DataError, call } = require('./errors.js');

const BLOCK_ROWS = 512;
// of numbers that are only copied
const BLOCK_NUMBERS = 1 << 16;
const BLOCK_BYTES = 1 << 19;
const MAX_PLACES = 28;

/** What other libraries hold tables in, and this package does not read. */
function notRead(en, zh, offender, help, helpZh) {
  return new DataError({
    code: 'K0906',
    message: `\`${offender}\` is ${en}, which is not read`,
    messageZh: `\`${offender}\` 是${zh}，本库不读取`,
    help: help ?? 'pass row objects or arrays by column, with decimal strings, numbers or bigints in them',
    helpZh: helpZh ?? '请传入行对象的数组，或由各列数组组成的对象；数用十进制字符串、number 或 bigint',
    offenders: [offender],
  });
}

const isBytes = (table) => ArrayBuffer.isView(table) || table instanceof ArrayBuffer || table instanceof SharedArrayBuffer;

/** Hands a table to the native half: people's, or that of a detail. What is no cell goes to `refuse`. */
async function takeOver(data, detail, table, goOn, refuse, give = null) {
  if (isBytes(table)) return ofBytes(data, detail, table, goOn, give);
  const name = (header, at) => (detail === null ? `${header}[${at}]` : `${detail}.${header}[${at}]`);
  const refused = (header, at, cell) => refuse(name(header, at), cell);
  if (!Array.isArray(table)) return takeColumns(data, detail, table, goOn, refused, give);
  const source = await ofRows(detail, table, goOn);
  const headers = source.headers.map((header) => header.toWellFormed());
  const native = call(() => data.begin(detail, headers));
  const read = call(() => native.read());
  const block = source.uneven ? ofNames : ofCells;
  // a table without rows is one, too
  for (let start = 0; start === 0 || start < source.length; start += BLOCK_ROWS) {
    await goOn();
    block(native, source, read, start, Math.min(start + BLOCK_ROWS, source.length), refused);
  }
}

/** Takes arrays of these tables away from who has them, without a copy; nothing of one that cannot be given away. */
function giver(tables) {
  const uses = new Map();
  const use = (array) => {
    const buffer = ArrayBuffer.isView(array) ? array.buffer : array;
    if (buffer instanceof ArrayBuffer) uses.set(buffer, (uses.get(buffer) ?? 0) + 1);
  };
  for (const table of tables) {
    const columns = isBytes(table) ? [table] : isRow(table) ? Object.values(table) : [];
    for (const column of columns) for (const array of isRow(column) ? [column.units, column.codes, column.valid] : [column]) use(array);
  }
  return (array) => {
    const { buffer, byteLength } = array;
    // what is a part of something, or stands in two places, is still needed
    if (uses.get(buffer) !== 1 || byteLength !== buffer.byteLength) return null;
    try {
      return new array.constructor(structuredClone(buffer, { transfer: [buffer] }));
    } catch {
      // some memory is nobody's to give
      return null;
    }
  };
}

/** A table as Arrow's bytes, which are copied unless they are given away: whoever has them may write there. */
async function ofBytes(data, detail, table, goOn, give) {
  const bytes = ArrayBuffer.isView(table) ? new Uint8Array(table.buffer, table.byteOffset, table.byteLength) : new Uint8Array(table);
  const given = give?.(bytes);
  const native = call(() => data.begin(detail, [], given ? 0 : bytes.length));
  if (given) return call(() => native.lendBytes(given));
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    await goOn();
    const part = own(bytes.subarray(start, start + BLOCK_BYTES));
    call(() => native.addBytes(part));
  }
}

/** A table that is an object of columns, one after the other. */
async function takeColumns(data, detail, table, goOn, refused, give) {
  const columns = columnsOf(detail, table);
  const native = call(() => data.begin(detail, columns.map(({ header }) => header.toWellFormed())));
  const rows = columns[0]?.length ?? 0;
  const read = call(() => native.read());
  call(() => native.beginColumns(rows));
  let place = 0;
  for (const [at, column] of columns.entries()) {
    if (!read[at]) continue;
    await (column.numbers === null ? takeCells : takeTyped)(native, place, column, rows, goOn, refused, give);
    place += 1;
  }
}

/** A column of cells of any kind. */
async function takeCells(native, place, { header, cells }, rows, goOn, refused) {
  for (let start = 0; start < rows; start += BLOCK_ROWS * 8) {
    await goOn();
    const end = Math.min(start + BLOCK_ROWS * 8, rows);
    const part = column((at) => cells[at], start, end, (at) => refused(header, at, cells[at]));
    call(() => (typeof part === 'string' ? native.addCells(place, part) : native.addNumbers(place, part)));
  }
}

/** A column of a typed array: the numbers themselves, units of decimals, or the numbers of words. */
async function takeTyped(native, place, { header, numbers, places, words, valid }, rows, goOn, refused, give) {
  const whole = numbers instanceof BigInt64Array;
  const short = numbers instanceof Int32Array;
  const isOdd = (number, at) => {
    if (valid && valid[at] === 0) return false;
    if (words) return !(number >= -1 && number < words.length && Number.isInteger(Number(number)));
    // NaN is missing
    return !Number.isSafeInteger(number) && number === number;
  };
  const isHeld = words !== undefined || (numbers instanceof Float64Array && places !== undefined);
  const given = whole || numbers instanceof Float64Array ? give?.(numbers) : null;
  const all = given ?? numbers;
  if (given) call(() => native.lend(place, given, places, words));
  else call(() => native.beginTyped(place, whole || short, places, words));
  for (let start = 0; start < rows; start += BLOCK_NUMBERS) {
    await goOn();
    const part = all.subarray(start, start + BLOCK_NUMBERS);
    if (isHeld) for (let at = 0; at < part.length; at += 1) if (isOdd(part[at], start + at)) refused(header, start + at, part[at]);
    if (!given) {
      call(() => {
        if (whole) native.addIntegers(place, own(part));
        else if (short) native.addShort(place, own(part));
        else native.addNumbers(place, part instanceof Float64Array ? own(part) : new Float64Array(part));
      });
    }
    if (valid) call(() => native.addValid(place, own(valid.subarray(start, start + BLOCK_NUMBERS))));
  }
}

/** Memory that threads share is no argument of a function. */
function own(part) {
  return part.buffer instanceof ArrayBuffer ? part : part.slice();
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

/** The columns of a table that is an object of them, held to one length. */
function columnsOf(detail, table) {
  if (!isRow(table)) throw detail === null ? noRow('the table', '表') : noRow(`the table \`${detail}\``, `表 \`${detail}\` `, [detail]);
  if (Array.isArray(table.batches) && typeof table.schema === 'object') {
    throw notRead('a table object of Arrow', ' Arrow 表对象', detail ?? 'table', 'pass its bytes: `tableToIPC(table)`', '请传入其字节：`tableToIPC(table)`');
  }
  const columns = Object.keys(table).map((header) => columnOf(header, table[header]));
  const odd = columns.filter(({ length }) => length !== columns[0].length).map(({ header }) => header);
  if (odd.length > 0) {
    const quoted = [columns[0].header, ...odd].map((header) => `\`${header}\``).join(', ');
    throw new DataError({
      code: 'K0906',
      message: `the columns ${quoted} are not of one length`,
      messageZh: `${quoted} 各列长度不一`,
      offenders: odd,
    });
  }
  return columns;
}

const isNumbers = (column) =>
  column instanceof Float64Array || column instanceof BigInt64Array || column instanceof Int32Array || column instanceof Uint32Array ||
  column instanceof Int16Array || column instanceof Uint16Array || column instanceof Int8Array || column instanceof Uint8Array;

/** A column: `cells` of any kind, or the `numbers` of a typed array with what they mean. */
function columnOf(header, column) {
  if (isNumbers(column)) return { header, length: column.length, numbers: column };
  if (Array.isArray(column) || column instanceof BigUint64Array || column instanceof Uint8ClampedArray) {
    return { header, length: column.length, numbers: null, cells: column };
  }
  if (isRow(column) && column.valid !== undefined && column.valid !== null && !(column.valid instanceof Uint8Array)) {
    throw wrongColumn(header, 'has a `valid` that is no Uint8Array', '的 `valid` 不是 Uint8Array');
  }
  if (isRow(column) && column.units !== undefined) return ofUnits(header, column);
  if (isRow(column) && column.codes !== undefined) return ofCodes(header, column);
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
  throw new DataError({
    code: 'K0906',
    message: `the column \`${header}\` is no array`,
    messageZh: `\`${header}\` 列不是数组`,
    help: 'pass an array of row objects, or an object of columns',
    helpZh: '请传入行对象的数组，或由各列数组组成的对象',
    offenders: [header],
  });
}

/** Numbers in units of the last of so many decimals: `{ units, places, valid }`. */
function ofUnits(header, { units, places, valid }) {
  if (!isNumbers(units)) throw wrongColumn(header, 'has `units` that are no typed array of whole numbers', '的 `units` 不是整数的定型数组');
  if (!Number.isInteger(places) || places < 0 || places > MAX_PLACES) {
    throw wrongColumn(header, `has \`places\` that are no whole number from 0 to ${MAX_PLACES}`, `的 \`places\` 不是 0 到 ${MAX_PLACES} 的整数`);
  }
  return { header, length: sameLength(header, units, valid), numbers: units, places, valid: valid ?? undefined };
}

/** Words by their numbers: `{ codes, words, valid }`; -1 is none. */
function ofCodes(header, { codes, words, valid }) {
  if (!isNumbers(codes) || codes instanceof Float64Array) throw wrongColumn(header, 'has `codes` that are no typed array of whole numbers', '的 `codes` 不是整数的定型数组');
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    throw wrongColumn(header, 'has `words` that are no array of texts', '的 `words` 不是文本数组');
  }
  const texts = words.map((word) => word.toWellFormed());
  return { header, length: sameLength(header, codes, valid), numbers: codes, words: texts, valid: valid ?? undefined };
}

function sameLength(header, numbers, valid) {
  if (valid && valid.length !== numbers.length) throw wrongColumn(header, 'has a `valid` of another length', '的 `valid` 长度不同');
  return numbers.length;
}

function wrongColumn(header, en, zh) {
  return new DataError({
    code: 'K0906',
    message: `the column \`${header}\` ${en}`,
    messageZh: `\`${header}\` 列${zh}`,
    help: 'such columns are `{ units: BigInt64Array, places: 2 }` and `{ codes: Int32Array, words: ["甲", "乙"] }`',
    helpZh: '这类列写作 `{ units: BigInt64Array, places: 2 }` 或 `{ codes: Int32Array, words: ["甲", "乙"] }`',
    offenders: [header],
  });
}

/** A block by its columns, those alone that are looked at. */
function ofCells(native, { headers, cell }, read, start, end, refuse) {
  const looked = headers.filter((_, at) => read[at]);
  const columns = looked.map((header) => column((at) => cell(header, at), start, end, (at) => refuse(header, at, cell(header, at))));
  call(() => native.addColumns(end - start, columns));
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
function ofNames(native, { headers, rows }, read, start, end, refuse) {
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
  call(() => native.addRows(end - start, JSON.stringify(block)));
}

module.exports = { giver, isBytes, takeOver };
