// Compiled, never run: every export as TypeScript sees it.
import kaohe, { CellError, DataError, Explanation, Formula, KaoheError, Result, Scheme, SchemeError, version } from 'kaohe';
import type {
  CaseResult, CellIn, Column, ColumnInfo, Columns, Declaration, Diagnostic, Figure, Fraction, InputInfo, Language, Outcome, Problem, Row,
  RowProblem, ScoreOptions,
} from 'kaohe';

const cells: CellIn[] = ['2415.30', 0.1, 10n ** 30n, true, null, undefined];
// @ts-expect-error a Date is no cell
const moment: CellIn = new Date();
// @ts-expect-error neither is an object
const object: CellIn = { toFixed: () => '1' };

const declaration: Declaration = { type: 'choice', values: ['高级', '中级'] };
const formula = new Formula('a / b', { a: 'number', b: declaration });
const names: string[] = formula.names;
const figure: Figure = formula.evaluate({ a: 1, b: 2n });
const fraction: Fraction | null = formula.evaluateExact({ a: '1' });
const sum: bigint = (fraction?.numerator ?? 0n) + (fraction?.denominator ?? 1n);
// @ts-expect-error a figure is no number
const number: number = formula.evaluate();

const scheme: Scheme = Scheme.parse('kaohe: 1');
const loaded: Scheme = Scheme.load(new URL('file:///scheme.yaml'));
const checked: Diagnostic[] = Scheme.check('kaohe: 1');
const inputs: InputInfo[] = scheme.inputs;
const columns: ColumnInfo[] = scheme.columns;
const about: (string | null)[] = [scheme.name, scheme.edition, scheme.asOf, scheme.source, scheme.fingerprint, scheme.withAsOf('2026-08-01').asOf];
const warnings: Diagnostic[] = scheme.warnings;
const row: Row = { 工号: '001', 日均存款: '2415' };
const outcome: Outcome = scheme.scoreRow(row);
const total: Figure | undefined = outcome.figures['综合得分'];
const problems: Problem[] = outcome.problems;
const flags: [boolean, string[]] = [outcome.complete, outcome.shownRounded];
const cases: CaseResult[] = scheme.runCases();
const language: Language = 'zh';
const explanation: Explanation = scheme.explain(row, '综合得分', { lang: language });
const told: [string, number] = [explanation.text, explanation.data.explanation];
// @ts-expect-error a scheme is loaded or parsed
new Scheme();

const options: ScoreOptions = { asOf: '2026-09-30', signal: AbortSignal.timeout(1000), threads: 2 };
const column: Column = Float64Array.of(1, 2);
const table: Columns = { 工号: ['001', '002'], 日均存款: column };
const results: Result[] = [await scheme.score([row, { ...row, 投诉次数: 1 }], options), await loaded.score(table)];
for (const result of results) {
  const faults: RowProblem[] = result.errors;
  const at: number | undefined = faults[0]?.row;
  const both: [Figure | undefined, Figure | undefined] = [result.rows[0]?.['等级'], result.columns['等级']?.[0]];
  console.log(at, both, result.length, result.complete);
}
// @ts-expect-error there is no such option
await scheme.score([row], { sginal: AbortSignal.abort() });

try {
  new Formula('1 +');
} catch (error) {
  if (error instanceof SchemeError) console.log(error.code, error.diagnostics[0]?.line, error.render('zh'), error.help);
  else if (error instanceof DataError) console.log(error.offenders.join(), error.messageZh, error.helpZh);
  else if (error instanceof CellError) console.log(error.column, error.line, error.columnAt, error.underlined);
  else if (error instanceof KaoheError) console.log(error.message);
}
console.log(cells, moment, object, names, figure, sum, number, checked, inputs, columns, about, warnings, total, problems, flags, cases, told);
console.log(kaohe.version === version);
