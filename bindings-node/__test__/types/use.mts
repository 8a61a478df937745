// Compiled, never run: every export as TypeScript sees it.
import kaohe, {
  CellError, DataError, Explanation, Formula, KaoheError, RatingRound, Result, Scheme, SchemeError, agreement, severity,
  version,
} from 'kaohe';
import type {
  Agreement, AgreementOptions, ArrowBytes, Basis, CaseResult, CellIn, CodesColumn, Column, ColumnInfo, Columns, Declaration, DetailInfo,
  Diagnostic, ExplainOptions, Figure, Fraction, InputInfo, Language, Measure, Outcome, Problem, RatingColumns,
  RefusedEvent, ReportOptions, RoundNote, RoundOptions, RoundProgress, Row, RowOptions, RowProblem, ScoreOptions,
  Severity, SeverityOptions, Sheet, Stamp, SubmittedSheet, Table, TypedColumn, UnitsColumn,
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
const [deposits]: DetailInfo[] = scheme.details;
const brought: readonly InputInfo[] = [...(deposits?.columns ?? []), ...scheme.given];
const about: (string | null)[] = [scheme.name, scheme.edition, scheme.asOf, scheme.source, scheme.fingerprint, scheme.withAsOf('2026-08-01').asOf];
const warnings: Diagnostic[] = scheme.warnings;
const row: Row = { 工号: '001', 日均存款: '2415' };
const own: RowOptions = { details: { 存款: [{ 余额: '2415' }] }, given: { 上期结转: 100n } };
const outcome: Outcome = scheme.scoreRow(row, own);
// @ts-expect-error the rows of one person are row objects
scheme.scoreRow(row, { details: { 存款: { 余额: [1] } } });
const total: Figure | undefined = outcome.figures['综合得分'];
const problems: Problem[] = outcome.problems;
const flags: [boolean, string[]] = [outcome.complete, outcome.shownRounded];
const cases: CaseResult[] = scheme.runCases();
const whose: (string | null)[] = cases.flatMap((each) => each.differences?.map(({ key }) => key) ?? []);
const language: Language = 'zh';
const asked: ExplainOptions = { ...own, lang: language };
const explanation: Explanation = scheme.explain(row, '综合得分', asked);
const told: [string, number] = [explanation.text, explanation.data.explanation];
// @ts-expect-error a scheme is loaded or parsed
new Scheme();

const rows: Table = [{ 工号: '001', 余额: 1 }];
const options: ScoreOptions = {
  asOf: '2026-09-30', signal: AbortSignal.timeout(1000), threads: 2, given: { 上期结转: '0' },
  details: { 存款: rows, 加减分事项: { 工号: ['001'], 分值: Float64Array.of(1) } },
};
const column: Column = Float64Array.of(1, 2);
const table: Columns = { 工号: ['001', '002'], 日均存款: column };
const results: Result[] = [await scheme.score([row, { ...row, 投诉次数: 1 }], options), await loaded.score(table)];
for (const result of results) {
  const faults: RowProblem[] = result.errors;
  const at: number | undefined = faults[0]?.row;
  const both: [Figure | undefined, Figure | undefined] = [result.rows[0]?.['等级'], result.columns['等级']?.[0]];
  const basis: Basis = result;
  const place: number | undefined = faults[0]?.detail?.line;
  const left: readonly string[] = faults[0]?.leftOut ?? [];
  const why: Explanation = result.explain('001', { column: '等级', lang: 'zh' });
  const pages: string[] = [why.markdown, why.html, result.report(1n, { format: 'md' }), await result.reports({ keys: ['001'], lang: 'zh' })];
  const form: ReportOptions = { format: 'json' };
  const team: string = await result.teamReport({ by: '网点', ...form });
  console.log(at, both, result.length, result.complete, basis.given, basis.asOf, basis.fingerprint, place, left, why.text, pages, team);
}
const units: UnitsColumn = { units: BigInt64Array.of(241530n), places: 2, valid: Uint8Array.of(1) };
const codes: CodesColumn = { codes: Int32Array.of(0), words: ['城东'] };
const bytes: ArrowBytes = Uint8Array.of();
const some: ScoreOptions = { columns: ['等级'], progress: (done: number, share: number) => console.log(done / share), text: false, transfer: true };
const typed: Result = await scheme.score({ 工号: BigInt64Array.of(1n), 日均存款: units, 网点: codes }, some);
for (const each of Object.values(await typed.typedColumns())) {
  const found: TypedColumn = each;
  if (found.form === 'units') console.log(found.units[0] ?? 0n, found.places, found.valid?.[0]);
  else if (found.form === 'codes') console.log(found.words[found.codes[0] ?? -1]);
  else if (found.form === 'texts') console.log(found.texts[0]?.length);
  else console.log(found.form === 'days' ? found.days : found.truths);
}
const again: Result = await scheme.score(await typed.arrow(), { details: { 存款: bytes } });
// @ts-expect-error units say their places
await scheme.score({ 日均存款: { units: BigInt64Array.of(1n) } });
console.log(again.length);
// @ts-expect-error there is no such option
await scheme.score([row], { sginal: AbortSignal.abort() });

const logged: RoundOptions = { rating: '测评', log: Uint8Array.of() };
const round: RatingRound = new RatingRound(scheme, [['王', '上级'], ['甲', '经理', '东'], ['乙', '经理', null]], logged);
const stamp: Stamp = { at: '2026-10-01T09:00:00' };
const line: string | null = round.open('人事部', stamp);
const tasks: Sheet[] = round.tasks('王');
const event: string | null = round.mark('王', tasks[0]?.id ?? '', '服务', 4, { ...stamp, device: 'pc' });
const mark: string | null | undefined = tasks[0]?.marks['服务'];
const notes: (RoundNote | null)[] = [round.lost, ...round.notes];
const far: [RoundProgress[], SubmittedSheet[], RefusedEvent[]] = [round.progress(), round.submitted(), round.refused()];
// @ts-expect-error a time is text
round.close('人事部', { at: new Date() });
console.log(line, event, mark, notes, far, round.merge(round), round.toJsonLines());

try {
  new Formula('1 +');
} catch (error) {
  if (error instanceof SchemeError) console.log(error.code, error.diagnostics[0]?.line, error.render('zh'), error.help);
  else if (error instanceof DataError) console.log(error.offenders.join(), error.messageZh, error.helpZh);
  else if (error instanceof CellError) console.log(error.column, error.line, error.columnAt, error.underlined);
  else if (error instanceof KaoheError) console.log(error.message);
}
console.log(cells, moment, object, names, figure, sum, number, checked, inputs, columns, about, warnings, total, problems, flags, cases, whose, told);
console.log(brought, outcome.fingerprint, outcome.given);
console.log(kaohe.version === version);

const sheets: RatingColumns = { ratee: '被考核人', rater: '考评人', rating: '得分' };
const all: AgreementOptions = { ...sheets, incomplete: 'leave_out' };
const agreed: Agreement = await agreement([{ 被考核人: '甲', 考评人: '张', 得分: 90 }], all);
const measure: Measure = 'icc_2_k';
const asking: SeverityOptions = { ...sheets, method: 'additive', unconnected: 'separate' };
const severe: Severity = await severity({ 被考核人: ['甲'], 考评人: ['张'], 得分: [90] }, asking);
// @ts-expect-error there is no such method
await severity([], { ...sheets, method: 'mean' });
console.log(agreed.figures[measure]?.length, agreed.problems[0]?.messageZh, severe.raters[0]?.effect, severe.ratings[0]?.adjusted);
