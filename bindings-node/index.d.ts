// kaohe for Node.js: exact scoring of people by a scheme.

/** The version of this package. */
export declare const version: string;

/**
 * One fact on its way in. Decimals go in as text (`"2415.30"`), as numbers (0.1 means one tenth) or as `bigint`; days as
 * `"2026-07-01"`. `null`, `undefined`, `NaN` and empty text are missing.
 */
export type CellIn = string | number | bigint | boolean | null | undefined;

/** One figure on its way out: a decimal as text with exactly its places, a text, a day, a truth; `null` when there is none. */
export type Figure = string | boolean | null;

/** One person's facts by name; full-width signs in names are folded as in formulas. */
export type Row = Readonly<Record<string, CellIn>>;

/**
 * Numbers as whole units of the last of so many decimals: `{ units: BigInt64Array.of(241530n), places: 2 }` is 2415.30. In a
 * `Float64Array` units are whole and below 2^53, and `NaN` is missing.
 */
export interface UnitsColumn {
  readonly units: BigInt64Array | Float64Array | Int32Array;
  /** The decimals, 0 to 28. */
  readonly places: number;
  /** For each row 0 where nothing is there; all are when it is not said. */
  readonly valid?: Uint8Array | null;
}

/** Texts, choices or days by their places in a list of words, from 0; -1 is missing. */
export interface CodesColumn {
  readonly codes: Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;
  readonly words: readonly string[];
  /** For each row 0 where nothing is there; all are when it is not said. */
  readonly valid?: Uint8Array | null;
}

/**
 * Some numbers or cells, one for each row. Of a `Float64Array` each number means its shortest decimal text, and `NaN` is
 * missing; of the others the numbers are whole, those of a `BigInt64Array` too.
 */
export type Column =
  | readonly CellIn[]
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array
  | UnitsColumn
  | CodesColumn;

/** A table by column: of one length. */
export type Columns = Readonly<Record<string, Column>>;

/**
 * The bytes of a table that Arrow holds: an IPC stream or file, whole and without compression. Columns of numbers,
 * decimals, texts, truths, days and dictionaries of them are read; of other types none may have an input's name (`K0830`).
 */
export type ArrowBytes = Uint8Array | ArrayBuffer | SharedArrayBuffer;

/** People, or rows of a detail table: row objects, an object of columns, or Arrow's bytes. */
export type Table = readonly Row[] | Columns | ArrowBytes;

/** The language of messages and explanations. */
export type Language = 'en' | 'zh';

/** The word of a type, or a declaration as in a scheme: `{ type: "choice", values: ["高级", "中级"] }`. */
export type Declaration =
  | 'number'
  | 'text'
  | 'bool'
  | 'date'
  | Readonly<{ type: 'number' | 'text' | 'bool' | 'date' | 'choice' } & Record<string, unknown>>;

/** What an author of a scheme should know, and where in the text; lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** The stable code, `K0301`. */
  readonly code: string;
  readonly message: string;
  readonly messageZh: string;
  /** The way out. */
  readonly help: string | null;
  readonly helpZh: string | null;
  /** Where in the document: `scores.综合得分.items.存款.weight`. */
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly endColumn: number | null;
  /** The line it is about. */
  readonly text: string | null;
  readonly underlined: string | null;
}

/** Why one cell of a row is empty, or its figure provisional. */
export interface Problem {
  /** The column. */
  readonly column: string;
  /** The stable code, `K0902`; `K0927` of a figure that is provisional, which has a value all the same. */
  readonly code: string;
  readonly message: string;
  readonly messageZh: string;
  /** The column whose fault it is, when this one only reads it. */
  readonly blockedBy: string | null;
  /** The detail row in which it was met: the table, and the number of the row in it, from 1, as explanations say it. */
  readonly detail: { readonly table: string; readonly line: number } | null;
  /** Of a provisional figure the keys of the rows whose absence makes it so. */
  readonly leftOut: readonly string[];
  /** The place in the scheme that had no answer. */
  readonly line: number | null;
  readonly columnAt: number | null;
  readonly underlined: string | null;
}

/** Everything this library refuses is one of these. */
export declare class KaoheError extends Error {
  /** The stable code, `K0801`. */
  readonly code: string;
  /** The message in Chinese; `message` is English. */
  readonly messageZh: string;
  /** The way out, when there is one to tell. */
  readonly help: string | null;
  readonly helpZh: string | null;
}

/** A scheme or formula that cannot be used: everything that is wrong with it, at once. */
export declare class SchemeError extends KaoheError {
  readonly diagnostics: readonly Diagnostic[];
  /** All of it as text, each with the line it is about, the place underlined. */
  render(lang?: Language): string;
}

/** A table, row or option that cannot be used: one error that names every offender. */
export declare class DataError extends KaoheError {
  /** The columns, rows or options it is about. */
  readonly offenders: readonly string[];
}

/** A formula that has no value for these facts. */
export declare class CellError extends KaoheError {
  /** The fact that is at fault, or `=` for the formula itself. */
  readonly column: string;
  readonly line: number | null;
  readonly columnAt: number | null;
  readonly underlined: string | null;
}

/** An exact number as a reduced fraction; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * A formula on its own. Its names are facts of the row; what kind each one is follows from how it stands in the formula,
 * or from `types`.
 *
 * ```js
 * new Formula('min(日均存款 / 存款任务, 150%) * 100').evaluate({ 日均存款: '2415', 存款任务: 1000 }); // '150'
 * new Formula('1 / 3 * 3').evaluate(); // '1'
 * ```
 */
export declare class Formula {
  /** @throws {SchemeError} with everything that is wrong in the text. */
  constructor(text: string, types?: Readonly<Record<string, Declaration>>);
  readonly text: string;
  /** The names it reads, declared ones first. */
  readonly names: string[];
  /**
   * Its value, with at most twelve decimals.
   *
   * @throws {CellError} when it has none for these facts.
   * @throws {DataError} when a name of the row looks like a misspelt one, or a cell is no cell.
   */
  evaluate(row?: Row): Figure;
  /** Its exact number; `null` when the value is missing or no number. */
  evaluateExact(row?: Row): Fraction | null;
}

/** An input of a scheme: what a row must bring. Columns of detail tables and values of the run are told the same way. */
export interface InputInfo {
  readonly name: string;
  readonly type: 'number' | 'text' | 'bool' | 'date' | 'choice';
  /** The words of a choice. */
  readonly values?: readonly string[];
  /** Whether it names the row. */
  readonly key: boolean;
  /** Other headers it is known by in tables. */
  readonly headers: readonly string[];
  readonly unit: string | null;
  /** How many decimals a number may have. */
  readonly places: number | null;
  /** Whether a missing cell is an error. */
  readonly required: boolean;
  /** What a missing cell counts as. */
  readonly default: Figure;
}

/** A detail table of a scheme: several rows for one person. */
export interface DetailInfo {
  readonly name: string;
  /** Which option brings it: `answers` of an exam, `ratings` of an appraisal. */
  readonly kind: 'details' | 'answers' | 'ratings';
  /** The column of people whose value its rows name. */
  readonly key: string;
  /** Other headers its key is known by in tables. */
  readonly headers: readonly string[];
  /** The columns in which no two rows of one key are alike; none when they may be. */
  readonly unique: readonly string[];
  /** What its rows bring, besides the key. */
  readonly columns: readonly InputInfo[];
}

/** A column of a scheme that people are shown. */
export interface ColumnInfo {
  readonly name: string;
  readonly type: 'number' | 'text' | 'bool' | 'date' | 'choice' | 'missing';
  /** The words of a grade or choice; of a grade the best last. */
  readonly values?: readonly string[];
  readonly role: 'input' | 'computed' | 'item' | 'total' | 'adjustment' | 'grade' | 'pay';
  /** The decimals it is rounded to; `null` when it is not. */
  readonly places: number | null;
  /** Where the rule comes from, when the scheme says so. */
  readonly source: string | null;
}

/** What figures rest on. */
export interface Basis {
  /** What identifies the rules: the scheme's fingerprint. */
  readonly fingerprint: string;
  /** The day that counts. */
  readonly asOf: string | null;
  /** The values of the run, as they were given or by their defaults. */
  readonly given: Record<string, Figure>;
}

/** Everything computed for one row. */
export interface Outcome extends Basis {
  /** The figures by column, in the order of the scheme. */
  readonly figures: Record<string, Figure>;
  /** Every empty cell with its reason: first the faults themselves, then what is blocked by them. */
  readonly problems: Problem[];
  /** Whether every cell has come out. */
  readonly complete: boolean;
  /** The columns whose exact value has more decimals than their figure shows. */
  readonly shownRounded: string[];
}

/** What came of one worked example of a scheme. */
export interface CaseResult {
  readonly name: string;
  readonly verdict: 'passed' | 'failed';
  /** How many figures were looked at, when it passed. */
  readonly figures?: number;
  /** What is not as expected, when it failed. */
  readonly differences?: readonly {
    /** Whose figure it is, in an example of several people. */
    readonly key: string | null;
    readonly column: string;
    readonly expected: string;
    readonly found: string;
    readonly foundZh: string;
  }[];
}

/** What belongs to a single row. */
export interface RowOptions {
  /** The person's rows of each detail table; whose they are need not be said. */
  readonly details?: Readonly<Record<string, readonly Row[]>>;
  /** The person's answers to the exam, by question; where the scheme has several exams, by name those to each. */
  readonly answers?: Row | Readonly<Record<string, Row | readonly Row[]>> | readonly Row[];
  /** The sheets that raters gave the person; where the scheme has several appraisals, by name those of each. */
  readonly ratings?: readonly Row[] | Readonly<Record<string, readonly Row[]>>;
  /** The values of the run. */
  readonly given?: Row;
}

export interface ExplainOptions extends RowOptions {
  /** The language of the text; `en` unless stated. */
  readonly lang?: Language;
}

export interface ReportOptions {
  /** The form; `html` unless stated. */
  readonly format?: 'md' | 'html' | 'json';
  /** The language; `en` unless stated. */
  readonly lang?: Language;
}

export interface ScoreOptions {
  /** The rows of each detail table: of everybody, each with the key of whose it is. */
  readonly details?: Readonly<Record<string, Table>>;
  /** The answers to the exam, a row for each person; where the scheme has several exams, by name those to each. */
  readonly answers?: Table | Readonly<Record<string, Table>>;
  /** The sheets of raters; where the scheme has several appraisals, by name those of each. */
  readonly ratings?: Table | Readonly<Record<string, Table>>;
  /** The values of the run; those with a default may be left out. */
  readonly given?: Row;
  /** The day that counts, `2026-09-30`, in place of the period's last. */
  readonly asOf?: string;
  /**
   * The columns that are wanted, by name; all that people are shown unless stated. What they do not read is not computed,
   * and its faults are not told.
   */
  readonly columns?: readonly string[];
  /**
   * Stops the scoring, at the latest at the end of a block of rows; the promise is then rejected with an `AbortError` whose
   * `cause` is the signal's reason.
   */
  readonly signal?: AbortSignal;
  /**
   * Is told, between blocks of rows, how many are done and how many there are, a row each time it is gone through:
   * figures over groups and over detail rows make more than one, and detail rows count, too; `done` only ever grows, and ends at `total`. What it throws stops the scoring, and the promise is rejected with it.
   */
  readonly progress?: (done: number, total: number) => void;
  /** How many threads at most; all there are unless stated. */
  readonly threads?: number;
  /**
   * Whether figures and errors are made text while scoring, off the event loop: so unless stated, but for Arrow's bytes.
   * Otherwise `rows`, `columns` and `errors` are made when one of them is first read, all at once; who only wants
   * `typedColumns()` or `arrow()` saves that.
   */
  readonly text?: boolean;
  /**
   * Whether `Float64Array`, `BigInt64Array` and Arrow's bytes are handed over instead of copied: they are empty afterwards,
   * as after `postMessage`. What is a part of a larger buffer or stands in two places is copied all the same.
   */
  readonly transfer?: boolean;
}

/** The figures of a column for programs. `valid` has for each row 0 where there is no figure; it is `null` when all are. */
export type TypedColumn =
  /** Numbers in units of the last of so many decimals: those of the column, or twelve where it is not rounded. */
  | { readonly form: 'units'; readonly units: BigInt64Array; readonly places: number; readonly valid: Uint8Array | null }
  /** Grades and choices by their places in `words`; -1 where there is none. Of grades the best word is last. */
  | { readonly form: 'codes'; readonly codes: Int32Array; readonly words: readonly string[]; readonly valid: Uint8Array | null }
  /** 1 is true. */
  | { readonly form: 'truths'; readonly truths: Uint8Array; readonly valid: Uint8Array | null }
  /** Days since 1970-01-01. */
  | { readonly form: 'days'; readonly days: Int32Array; readonly valid: Uint8Array | null }
  /** Texts; and numbers, as decimal texts, of a column in which one does not fit 64 bits or is `unlimited`. */
  | { readonly form: 'texts'; readonly texts: (string | null)[] };

/** Why one cell of a table is empty, or its figure provisional. */
export interface RowProblem extends Problem {
  /** The row's place in the table, from 0. */
  readonly row: number;
  /** The row's key. */
  readonly key: Figure;
}

/** How the questions of an exam did, over the sheets that could be marked. */
export interface ExamStatistics {
  readonly exam: string;
  /** How many sheets are counted. */
  readonly sheets: number;
  /** The rows of answers that are not, for an answer that cannot be one; counted from 1. */
  readonly leftOut: readonly number[];
  /** How many sheets the upper and the lower group have: 27 % of all. */
  readonly group: number;
  /** The mean total over full marks. */
  readonly mean: string | null;
  readonly questions: readonly {
    readonly part: string;
    readonly question: string;
    /** The right answer. */
    readonly key: string;
    /** How many left it blank. */
    readonly blank: number;
    /** How many wrote what cannot be an answer, where that earns no marks (`when_invalid: zero`). */
    readonly invalid: number;
    /** How many earned all its marks. */
    readonly right: number;
    /** The share of its marks that was earned: 0 is hard, 1 easy. */
    readonly difficulty: string | null;
    /** That share among the upper group by total, minus that among the lower. */
    readonly discrimination: string | null;
    /** The correlation of its marks with those of the rest of the paper, at 12 decimals. */
    readonly correlation: string | null;
  }[];
}

/** What was computed for people scored together. It keeps their facts, so that it can be asked why. */
export declare class Result implements Basis {
  private constructor();
  /** How many rows there are. */
  readonly length: number;
  /** One object of figures for each row, in their order. */
  readonly rows: Record<string, Figure>[];
  /** One array of figures for each column. */
  readonly columns: Record<string, Figure[]>;
  /** The figures as typed arrays by column, made off the event loop. They are made anew each time. */
  typedColumns(): Promise<Record<string, TypedColumn>>;
  /**
   * The figures as the bytes of an Arrow IPC stream, written off the event loop: numbers as `decimal128` of 28 digits with
   * the column's places, or twelve where it is not rounded, grades and choices as dictionaries, days as `date32`; a figure
   * that is missing or empty is null. A column of numbers with an `unlimited` in it is text.
   */
  arrow(): Promise<Uint8Array>;
  /**
   * Every empty cell and every provisional figure with its reason, by row: in each first the faults themselves, then what
   * is blocked by them, then what is provisional: a figure (`K0927`) that a row left out of its group could have changed.
   */
  readonly errors: RowProblem[];
  /** Whether every cell has come out, and no figure is provisional. */
  readonly complete: boolean;
  /**
   * What is doubtful about the run as a whole: a grade that more people have than its stated share (`K0714`), raters whose
   * severity cannot be compared (`K1025`, `K1024`).
   */
  readonly notes: { readonly code: string; readonly message: string; readonly messageZh: string }[];
  readonly fingerprint: string;
  readonly asOf: string | null;
  readonly given: Record<string, Figure>;
  /**
   * How the questions of an exam did; of the only one there is, when none is named.
   *
   * @throws {DataError} when the scheme has no such exam, or several.
   */
  examStatistics(exam?: string | null): ExamStatistics;
  /**
   * How far the raters of an appraisal agree, off the event loop: of each role, on the whole sheet and on each item; of the
   * only appraisal there is, when none is named. What is compared is what raters gave, before any adjustment for severity.
   *
   * Rejected with a {@link DataError} when the scheme has no such appraisal, or several.
   */
  agreement(rating?: string | null, options?: { readonly incomplete?: 'refuse' | 'leave_out' }): Promise<RatingAgreement>;
  /**
   * Why the figures of the row with this key are what they are, among everybody it was scored with; of one column, when
   * it is named.
   *
   * @throws {DataError} when no row has the key, or the scheme no such column.
   */
  explain(key: string | number | bigint | boolean, options?: { readonly column?: string | null; readonly lang?: Language }): Explanation;
  /**
   * The report of the person with this key: results, parts, every indicator with its formula, what lacks and why. As a web
   * page that needs nothing else and prints on A4, unless another form is asked for; JSON has both languages.
   *
   * @throws {DataError} when no row has the key.
   */
  report(key: string | number | bigint | boolean, options?: ReportOptions): string;
  /**
   * The reports of these people, or of everybody, as one text, written off the event loop. As HTML each begins on a page of
   * its own; as JSON it is a list. Rejected with a {@link DataError} when no row has one of the keys.
   */
  reports(options?: ReportOptions & { readonly keys?: Iterable<string | number | bigint | boolean> | null }): Promise<string>;
  /**
   * The report of all people together, and of the teams that the column `by` forms, written off the event loop: grades,
   * places, means and sums, what lacks. Its figures are computed exactly from people's figures as they were published.
   * Rejected with a {@link DataError} when people have no such column.
   */
  teamReport(options?: ReportOptions & { readonly by?: string | null }): Promise<string>;
}

/** Why the figures of a row are what they are. */
export declare class Explanation {
  private constructor();
  /** As people read it, in the language that was asked for. */
  readonly text: string;
  /** The same as Markdown, as GitHub reads it. */
  readonly markdown: string;
  /** The same as a web page that needs nothing else; names and cells are escaped. */
  readonly html: string;
  /** As versioned data, the same in every host: keys are `snake_case`, exact numbers text, `n/d` where they never end. */
  readonly data: { readonly explanation: number } & Record<string, unknown>;
  toString(): string;
  toJSON(): unknown;
}

/** A scheme that was read and checked: immutable. */
export declare class Scheme {
  private constructor();
  /**
   * Reads and checks a file of UTF-8 text, YAML or JSON.
   *
   * @throws {SchemeError} with everything that is wrong, each with its place.
   */
  static load(path: string | URL): Scheme;
  /** Reads and checks a scheme's text. */
  static parse(text: string): Scheme;
  /** Everything that is wrong or doubtful with a scheme's text, in the order of the text. */
  static check(text: string): Diagnostic[];
  readonly name: string;
  readonly edition: string | null;
  /** The day that counts; the period's last, unless `withAsOf` said another. */
  readonly asOf: string | null;
  /** `sha256:` of what it computes: comments, labels and spelling do not change it, any number or name does. */
  readonly fingerprint: string;
  /** The text it was read from. */
  readonly source: string;
  readonly warnings: Diagnostic[];
  readonly inputs: InputInfo[];
  /** The detail tables it reads. */
  readonly details: DetailInfo[];
  /** The values of the run it reads: of the whole run, not of a row. */
  readonly given: InputInfo[];
  readonly columns: ColumnInfo[];
  /** The same scheme on another day: which dated values are in force. */
  withAsOf(day: string): Scheme;
  /**
   * Scores one person alone. What is wrong in a cell is no error: that cell is `null` with its problem, and every other
   * figure comes out. A figure over a group cannot (`K0921`), nor what reads a detail table or value that is not given.
   *
   * @throws {DataError} when a name of the row looks like a misspelt input, a cell is no cell, or the scheme has no such
   * detail table or value of the run.
   */
  scoreRow(row: Row, options?: RowOptions): Outcome;
  /**
   * Scores people together, off the event loop: figures over groups are among them. The tables must not be changed until
   * the promise is settled; typed arrays and bytes are copied, unless `transfer` says otherwise. People are counted from 0 in everything that is said about them, rows of detail tables from 1,
   * as in explanations. What comes out does not depend on `threads`.
   *
   * Rejected with a {@link DataError} that names every missing column or table, repeated key, detail row that is nobody's
   * or value that is no cell (`K0906`), for bytes that are no Arrow table (`K0832`), and with an `AbortError` when `signal`
   * says so.
   */
  score(table: Table, options?: ScoreOptions): Promise<Result>;
  /** Why the figures of a row alone are what they are; of one column, when it is named. */
  explain(row: Row, column?: string | null, options?: ExplainOptions): Explanation;
  /** Runs the worked examples under `cases:`. */
  runCases(): CaseResult[];
}

/** The columns of a table with one rating in each row. */
export interface RatingColumns {
  /** Who is rated. */
  readonly ratee: string;
  /** Who rates. */
  readonly rater: string;
  /** The rating: a number; `null` where there is none. */
  readonly rating: string;
  /** Stops the work between its steps; the promise is then rejected with an `AbortError`. */
  readonly signal?: AbortSignal;
}

export interface AgreementOptions extends RatingColumns {
  /**
   * What ratees mean whom not every rater has rated, for intraclass correlations and Kendall's W: there is no figure
   * (`refuse`, unless stated), or they are left out.
   */
  readonly incomplete?: 'refuse' | 'leave_out';
}

/** The figures of agreement: the intraclass correlations of Shrout and Fleiss, Krippendorff's alpha, Kendall's W. */
export type Measure =
  | 'icc_1_1'
  | 'icc_2_1'
  | 'icc_3_1'
  | 'icc_1_k'
  | 'icc_2_k'
  | 'icc_3_k'
  | 'alpha_nominal'
  | 'alpha_ordinal'
  | 'alpha_interval'
  | 'alpha_ratio'
  | 'kendall_w';

/** How far raters agree. */
export interface Agreement {
  /** Decimals as text, correctly rounded from the exact value at twelve decimals; `null` where there is none. */
  readonly figures: Record<Measure, string | null>;
  /** The figures whose exact value has more decimals than they show. */
  readonly shownRounded: Measure[];
  /** Every figure that has no value, with the reason; its name is the `column`. */
  readonly problems: Problem[];
  /** The ratees left out of the intraclass correlations and of Kendall's W. */
  readonly leftOut: string[];
}

/** How far the raters of an appraisal agree. Raters are counted, never named. */
export interface RatingAgreement {
  readonly rating: string;
  /** The roles of the appraisal, but for those in which people rate themselves. */
  readonly roles: {
    readonly role: string;
    /** How many sheets are counted. */
    readonly sheets: number;
    /** How many raters gave them. */
    readonly raters: number;
    /** How many people they are about. */
    readonly ratees: number;
    /** The agreement on what sheets come to. */
    readonly whole: Agreement;
    /** The agreement on each item. */
    readonly items: (Agreement & { readonly item: string })[];
  }[];
  /** The rows of sheets that are not counted, from 1, for a fault or because they do not say who gave them. */
  readonly leftOut: number[];
}

/**
 * How far raters agree, off the event loop. Alpha takes ratings that are missing; the others need every rater's rating of
 * every ratee.
 *
 * Rejected with a {@link DataError} when a column is not there, a rating is no number, or a ratee is rated twice by one rater.
 */
export declare function agreement(table: Table, options: AgreementOptions): Promise<Agreement>;

export interface SeverityOptions extends RatingColumns {
  /**
   * `centring`: less the rater's mean, plus the mean of all ratings. `z_score`: the differences from the rater's mean also
   * brought to one standard deviation. `additive`: less the rater's effect, by least squares over the ratees that raters
   * share, so that it does not matter who rated whom.
   */
  readonly method: 'centring' | 'z_score' | 'additive';
  /**
   * For `z_score` what a rater means all of whose ratings are equal: they become the mean of all (`centre`, unless stated),
   * do not count, or nothing is adjusted.
   */
  readonly withoutSpread?: 'centre' | 'leave_out' | 'refuse';
  /**
   * For `additive` what raters mean whom no ratee connects: nothing is adjusted (`refuse`, unless stated), or each group in
   * itself.
   */
  readonly unconnected?: 'refuse' | 'separate';
}

/** How severe each rater is, and ratings without it: decimals as text, correctly rounded at twelve decimals. */
export interface Severity {
  /** The ratings in the order they came; `adjusted` is `null` where there is none, and where the rater does not count. */
  readonly ratings: { readonly ratee: string; readonly rater: string; readonly rating: string | null; readonly adjusted: string | null }[];
  readonly raters: {
    readonly rater: string;
    /** How many ratings the rater gave. */
    readonly ratings: number;
    readonly mean: string;
    /** How much higher the rater rates than others; negative for a severe one. */
    readonly effect: string;
    /** What the differences of the rater's ratings were multiplied with; 1 but for `z_score`. */
    readonly factor: string;
    /** Whether the ratings count: always, but for `withoutSpread: 'leave_out'`. */
    readonly counts: boolean;
    /** The group of raters whom ratees connect, from 1; severities of different groups were not compared. */
    readonly group: number;
  }[];
  readonly ratees: { readonly ratee: string; readonly ratings: number; readonly mean: string; readonly adjusted: string | null }[];
  /** How many groups of raters there are that share no ratee. */
  readonly groups: number;
  /** For `z_score` the raters all of whose ratings are equal, or who have only one. */
  readonly withoutSpread: string[];
  /** The columns, as `raters.effect`, of which a figure has more decimals than are shown. */
  readonly shownRounded: string[];
}

/**
 * How severe each rater is, and ratings without it, off the event loop.
 *
 * Rejected with a {@link DataError} as {@link agreement} is, and when there is nothing to compare, as the policies say.
 */
export declare function severity(table: Table, options: SeverityOptions): Promise<Severity>;
/** When and where something is done in a round. */
export interface Stamp {
  /** The time of the caller's own clock, without a zone: `2026-10-05T09:30:00`. */
  readonly at: string;
  /** The name of the device or process; `node` when not stated. */
  readonly device?: string;
}

/** Something that is rated on a sheet. */
export interface SheetItem {
  readonly name: string;
  /** What is looked at. */
  readonly standard: string | null;
  /** By mark what it means here. */
  readonly anchors: Readonly<Record<string, string>>;
}

/** The marks there are: letters, from 1 to so many stars, or numbers with at most so many decimals. */
export type RatingScale =
  | { readonly letters: readonly string[] }
  | { readonly stars: number }
  | { readonly min: number; readonly max: number; readonly places: number };

/** One rater's sheet about one person in one role, and how far it is. */
export interface Sheet {
  /** What names it, the same in every language. */
  readonly id: string;
  readonly role: string;
  readonly rater: string;
  readonly ratee: string;
  /** The group in which the rater meets the person. */
  readonly group: string | null;
  /** The entry of the plan it comes from, from 0. */
  readonly entry: number;
  /** The first and the last day marks are taken. */
  readonly start: string | null;
  readonly end: string | null;
  /** What is rated, in order. */
  readonly items: readonly SheetItem[];
  readonly scale: RatingScale;
  readonly status: 'untouched' | 'started' | 'submitted';
  /** When it was submitted, while it is. */
  readonly submitted: string | null;
  /** By item the mark. */
  readonly marks: Readonly<Record<string, string | null>>;
  /** The items without a mark, in order. */
  readonly outstanding: readonly string[];
  /** How often it was given back, by whom and why. */
  readonly reopened: readonly { readonly time: string; readonly by: string; readonly reason: string }[];
}

/** How many sheets of a role and group are how far. */
export interface RoundProgress {
  readonly role: string;
  readonly group: string | null;
  readonly sheets: number;
  readonly untouched: number;
  readonly started: number;
  readonly submitted: number;
}

/** The submitted marks of one rater about one person in one role. */
export interface SubmittedSheet {
  readonly ratee: string;
  readonly role: string;
  readonly rater: string;
  /** By item of the appraisal the mark; `null` where it was not marked, or not asked. */
  readonly marks: Readonly<Record<string, string | null>>;
}

/** An event that does not hold, kept with why. */
export interface RefusedEvent {
  readonly id: string;
  readonly event: 'mark' | 'clear' | 'submit' | 'withdraw' | 'reopen';
  readonly time: string;
  readonly rater: string | null;
  readonly sheet: string | null;
  readonly code: string;
  readonly message: string;
  readonly messageZh: string;
  /** The whole event as a line of JSON. */
  readonly line: string;
}

/** Something that whoever answers for a round should know. */
export interface RoundNote {
  readonly code: string;
  readonly message: string;
  readonly messageZh: string;
}

/** What a round may be given. */
export interface RoundOptions {
  /** The appraisal, when the scheme has several. */
  readonly rating?: string;
  /** The events so far, as lines of JSON in any order. */
  readonly log?: string | Uint8Array;
}

/**
 * A round of rating: its state is a function of the *set* of its events, whatever the order they come in.
 *
 * A verb gives the event as a line of JSON, which the caller keeps, or `null` when nothing changed; what it must not do is
 * a {@link DataError}, and changes nothing.
 */
export declare class RatingRound {
  /**
   * A round of a scheme; `members` says who has which role: person, role and, where there are groups, group.
   *
   * @throws {DataError} for roles the plan does not have, people twice in one role, a line of the log that cannot be read,
   * a log of another plan.
   */
  constructor(scheme: Scheme, members: Iterable<readonly [string, string, (string | null)?]>, options?: RoundOptions);
  /** The name of the appraisal. */
  readonly rating: string;
  /** What raters are asked: two logs belong together when they have one. */
  readonly fingerprint: string;
  /** Whether it was opened, and not closed since. */
  readonly isOpen: boolean;
  /** What was lost of the log: a last line that was cut off while it was written. */
  readonly lost: RoundNote | null;
  /** What is doubtful: people whom nobody rates, or in a role fewer than there must be. */
  readonly notes: RoundNote[];
  open(by: string, stamp: Stamp): string | null;
  /** Closes the round: marks of a later time do not hold. */
  close(by: string, stamp: Stamp): string | null;
  /**
   * Marks an item of a sheet, named by its id.
   *
   * @throws {DataError} for a rater, sheet or item that is not there, another rater's sheet, a mark that is not on the
   * scale, a sheet that is submitted, a round that is not open on that day.
   */
  mark(rater: string, sheet: string, item: string, mark: string | number, stamp: Stamp): string | null;
  /** Takes the mark of an item away. */
  clear(rater: string, sheet: string, item: string, stamp: Stamp): string | null;
  /**
   * Submits a sheet, which locks it.
   *
   * @throws {DataError} naming the items that are outstanding, unless the scheme says what an unmarked item means.
   */
  submit(rater: string, sheet: string, stamp: Stamp): string | null;
  /** Takes a submitted sheet back, by its rater. */
  withdraw(rater: string, sheet: string, stamp: Stamp): string | null;
  /** Gives a submitted sheet back to its rater; who does it and why are kept. */
  reopen(sheet: string, by: string, reason: string, stamp: Stamp): string | null;
  /** The sheets of a rater, or all, in the order of the plan. */
  sheets(rater?: string): Sheet[];
  /** What a rater still has to do: his sheets that are not submitted, in order. */
  tasks(rater: string): Sheet[];
  /** The sheet of that id. */
  sheet(id: string): Sheet;
  /** The sheet of a rater about a person, in a role when there are several. */
  sheetOf(rater: string, ratee: string, role?: string): Sheet;
  /** How far the round is, by role and group. */
  progress(): RoundProgress[];
  /** The submitted sheets for scoring, by who is rated, role and rater. */
  submitted(): SubmittedSheet[];
  /** The events that do not hold, in their order, each with why. */
  refused(): RefusedEvent[];
  /** Takes an event of another device in, given as its line; whether it was new. */
  insert(line: string): boolean;
  /** Takes all events of another log of this round in; how many were new. */
  merge(other: RatingRound): number;
  /** All events as lines of JSON: rounds of the same events give the same text. */
  toJsonLines(): string;
}
