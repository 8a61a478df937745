// A table of people: taken over in blocks, scored off the event loop, given back in blocks. Between blocks the event loop
// goes on, so that a server keeps answering while a whole province is scored.
'use strict';

const os = require('node:os');
const { setImmediate: turn } = require('node:timers/promises');

const { isRow, marked, noCells, noRow, put } = require('./cells.js');
const { DataError, aborted, call, camel } = require('./errors.js');

const BLOCK_ROWS = 512;
const OPTIONS = new Set(['asOf', 'signal', 'threads']);
const NOT_BUILT = new Set(['ratings', 'answers', 'details', 'given']);

function notBuilt(en, zh, offender) {
  return new DataError({
    code: 'K0001',
    message: `${en} are not built yet`,
    messageZh: `尚未支持${zh}`,
    help: 'pass an array of row objects, or an object of columns',
    helpZh: '请传入行对象的数组，或由各列数组组成的对象',
    offenders: [offender],
  });
}

function checkOptions(options) {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || OPTIONS.has(name)) continue;
    if (NOT_BUILT.has(name)) {
      throw new DataError({
        code: 'K0001',
        message: `the option \`${name}\` is not built yet`,
        messageZh: `选项 \`${name}\` 尚未支持`,
        offenders: [name],
      });
    }
    throw new DataError({
      code: 'K0101',
      message: `there is no option \`${name}\``,
      messageZh: `没有选项 \`${name}\``,
      help: `the options are ${[...OPTIONS].map((each) => `\`${each}\``).join(', ')}`,
      helpZh: `可用的选项有 ${[...OPTIONS].map((each) => `\`${each}\``).join('、')}`,
      offenders: [name],
    });
  }
  const { threads } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new DataError({
      code: 'K0407',
      message: '`threads` must be a whole number from 1',
      messageZh: '`threads` 应为不小于 1 的整数',
      offenders: ['threads'],
    });
  }
}

async function score(scheme, table, { signal, threads = os.availableParallelism() }) {
  const goOn = async () => {
    await turn();
    if (signal?.aborted) throw aborted(signal);
  };
  if (signal?.aborted) throw aborted(signal);
  const source = await (Array.isArray(table) ? ofRows(table, goOn) : ofColumns(table));
  const job = scheme.table();
  await takeOver(job, scheme, source, goOn);
  const cancel = () => job.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  let scored;
  try {
    scored = await job.score(Math.min(threads, 256));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (signal?.aborted) throw aborted(signal);
  return giveBack(scored, scheme, source, goOn);
}

/** A table that is an array of row objects. A header is what any row has. */
async function ofRows(rows, goOn) {
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
    shapes.set(shape, names);
    for (const name of names) headers.add(name);
  }
  if (wrong.length > 0) throw noRow(`row ${wrong[0]}`, `第 ${wrong[0]} 行（从 0 起）`, wrong.map(String));
  const cell = (header) => (at) => (Object.hasOwn(rows[at], header) ? rows[at][header] : undefined);
  // a name that only some rows have may be a misspelt one, and then a default would stand in for the fact
  const partial = [...shapes.values()].filter((names) => names.length < headers.size);
  return { kind: 'rows', length: rows.length, headers: [...headers], cell, partial };
}

/** A table that is an object of columns. */
async function ofColumns(table) {
  if (ArrayBuffer.isView(table) || table instanceof ArrayBuffer) throw notBuilt('Arrow tables', ' Arrow 数据', 'table');
  if (!isRow(table)) throw noRow('the table', '表');
  const headers = Object.keys(table);
  const lengths = headers.map((header) => columnLength(header, table[header]));
  const odd = headers.filter((_, at) => lengths[at] !== lengths[0]);
  if (odd.length > 0) {
    throw new DataError({
      code: 'K0906',
      message: `the columns ${quoted([headers[0], ...odd])} are not of one length`,
      messageZh: `${quoted([headers[0], ...odd])} 各列长度不一`,
      offenders: odd,
    });
  }
  return { kind: 'columns', length: lengths[0] ?? 0, headers, cell: (header) => (at) => table[header][at] };
}

function columnLength(header, column) {
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) throw notBuilt('columns of mantissas', '尾数列', header);
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

/** Hands the inputs' columns to the native half, block by block. */
async function takeOver(job, scheme, source, goOn) {
  const headers = source.headers.map((header) => header.toWellFormed());
  const places = call(() => scheme.bind(headers));
  for (const names of source.partial ?? []) call(() => scheme.checkNames(names.map((name) => name.toWellFormed())));
  const inputs = places.map((place) => ({ header: source.headers[place], cell: source.cell(source.headers[place]) }));
  const wrong = [];
  for (let start = 0; start < source.length; start += BLOCK_ROWS) {
    await goOn();
    const end = Math.min(start + BLOCK_ROWS, source.length);
    const columns = inputs.map(({ header, cell }) => column(cell, start, end, (at) => wrong.push([`${header}[${at}]`, cell(at)])));
    if (wrong.length === 0) job.add(end - start, columns);
  }
  if (wrong.length > 0) throw noCells(wrong);
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
    texts[at - start] = text;
  }
  return JSON.stringify(texts);
}

/** Takes the figures from the native half, block by block. */
async function giveBack(scored, scheme, source, goOn) {
  const names = JSON.parse(scheme.columns).map(({ name }) => name);
  const key = JSON.parse(scheme.inputs).find((input) => input.key)?.name;
  const result = new Result(names, key, source.length);
  for (let block = 0; block * BLOCK_ROWS < source.length; block += 1) {
    await goOn();
    const { columns, problems } = JSON.parse(call(() => scored.take(block)));
    result[ADD](columns, problems, block * BLOCK_ROWS, source.kind);
  }
  return result;
}

const ADD = Symbol('add');

/** What was computed for a table. */
class Result {
  #columns;
  #key;
  #rows = [];

  constructor(names, key, length) {
    this.length = length;
    this.errors = [];
    this.#key = key;
    this.#columns = new Map(names.map((name) => [name, []]));
  }

  /** Whether every cell has come out. */
  get complete() {
    return this.errors.length === 0;
  }

  /** One object of figures for each row, in their order. */
  get rows() {
    if (this.#rows.length < this.length) this.#rows = objects(this.#columns, 0, this.length);
    return this.#rows;
  }

  /** One array of figures for each column. */
  get columns() {
    const columns = {};
    for (const [name, figures] of this.#columns) put(columns, name, figures);
    return columns;
  }

  [ADD](columns, problems, start, kind) {
    const found = [...this.#columns.values()];
    columns.forEach((figures, at) => {
      for (const figure of figures) found[at].push(figure);
    });
    if (kind === 'rows') {
      const end = Math.min(start + BLOCK_ROWS, this.length);
      for (const row of objects(this.#columns, start, end)) this.#rows.push(row);
    }
    const keys = this.#columns.get(this.#key);
    for (const [row, each] of problems) {
      const place = { row: start + row, key: keys?.[start + row] ?? null };
      for (const problem of each) this.errors.push({ ...place, ...camel(problem) });
    }
  }
}

function objects(columns, start, end) {
  const rows = [];
  const pairs = [...columns];
  for (let at = start; at < end; at += 1) {
    const row = {};
    for (const [name, figures] of pairs) put(row, name, figures[at]);
    rows.push(row);
  }
  return rows;
}

function quoted(names) {
  return names.map((name) => `\`${name}\``).join(', ');
}

module.exports = { Result, checkOptions, score };
