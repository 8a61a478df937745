// The errors people catch, and the only place where what the native half throws becomes one of them.
'use strict';

/** Everything this library refuses: `code` is stable, `message` is English, `messageZh` Chinese, `help` the way out. */
class KaoheError extends Error {
  constructor({ code, message, messageZh, help, helpZh }) {
    super(message);
    this.code = code;
    this.messageZh = messageZh ?? message;
    this.help = help ?? null;
    this.helpZh = helpZh ?? null;
  }
}

/** A scheme or formula that cannot be used: everything that is wrong with it, at once. */
class SchemeError extends KaoheError {
  #rendered;

  constructor({ message, messageZh, diagnostics, rendered }) {
    const first = diagnostics.find((found) => found.severity === 'error') ?? diagnostics[0];
    super({ ...first, message, messageZh });
    this.diagnostics = diagnostics;
    this.#rendered = rendered;
  }

  /** All of it as text, each with the line it is about; `lang` is `en` or `zh`. */
  render(lang = 'en') {
    return this.#rendered[language(lang)];
  }
}

/** A table or row that does not have what the scheme reads; `offenders` names all of it. */
class DataError extends KaoheError {
  constructor(error) {
    super(error);
    this.offenders = error.offenders ?? [];
  }
}

/** A formula that has no value for these facts. */
class CellError extends KaoheError {
  constructor(problem) {
    super(problem);
    const { column, blockedBy, line, columnAt, underlined } = problem;
    Object.assign(this, { column, blockedBy, line, columnAt, underlined });
  }
}

for (const each of [KaoheError, SchemeError, DataError, CellError]) {
  Object.defineProperty(each.prototype, 'name', { value: each.name, configurable: true, writable: true });
}

/** The error that hosts know from `AbortController`. */
function aborted(signal) {
  const error = new Error('the scoring was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** `en` or `zh`, also from a locale's name such as `zh-CN`. */
function language(lang) {
  const word = /^(en|zh)(?![a-z])/i.exec(lang)?.[1];
  if (word === undefined) {
    throw new DataError({
      code: 'K0104',
      message: `there is no language \`${String(lang)}\``,
      messageZh: `没有语言 \`${String(lang)}\``,
      help: 'choose `en` or `zh`',
      helpZh: '请用 `en` 或 `zh`',
    });
  }
  return word.toLowerCase();
}

/** The form of a report: `md`, `html` or `json`. */
function form(format) {
  if (['md', 'html', 'json'].includes(format)) return format;
  throw new DataError({
    code: 'K0104',
    message: `there is no form \`${String(format)}\``,
    messageZh: `没有格式 \`${String(format)}\``,
    help: 'choose `md`, `html` or `json`',
    helpZh: '请用 `md`、`html` 或 `json`',
  });
}

/** JSON of the native half with the names JavaScript has: `message_zh` is `messageZh`. */
function camel(value) {
  if (Array.isArray(value)) return value.map(camel);
  if (value === null || typeof value !== 'object') return value;
  const name = (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [name(key), camel(each)]));
}

/** A problem of the native half: the detail row in which it was met, table and row, is one thing. */
function problem({ detail, detail_line: line, ...rest }) {
  return { ...camel(rest), detail: detail === null ? null : { table: detail, line } };
}

/** Calls into the native half. */
function call(work) {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error) {
  switch (error?.code) {
    case 'scheme': {
      const { error: refused, rendered } = JSON.parse(error.message);
      return new SchemeError({ ...camel(refused), rendered });
    }
    case 'data':
      return new DataError(camel(JSON.parse(error.message)));
    case 'cell':
      return new CellError(problem(JSON.parse(error.message)[0]));
    default:
      return error;
  }
}

module.exports = { KaoheError, SchemeError, DataError, CellError, aborted, form, language, camel, problem, call };
