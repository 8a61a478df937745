//! How the questions of an examination did: how hard each was, and how well it told the strong from the weak (试题分析).

use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer as _;

use kaohe_grammar::say;

use super::Run;
use crate::code::Code;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::eval::facts::DetailTable;
use crate::eval::marking;
use crate::eval::owners::Owners;
use crate::number::{Number, ROOT_PLACES};
use crate::plan::{DetailKind, Marking, Op, Question, Role};
use crate::value::Value;

/// How the questions of an examination did, over the sheets that could be marked.
///
/// Every figure is exact, but for the roots of correlations, which are rounded to 12 decimals.
#[derive(Debug, Clone, PartialEq)]
pub struct ExamStatistics {
    /// The examination.
    pub exam: Arc<str>,
    /// How many sheets are counted.
    pub sheets: usize,
    /// The rows of answers that are not, for an answer that cannot be one: what people call each.
    pub left_out: Vec<u32>,
    /// How many sheets the upper and the lower group have: 27 % of all, rounded half up, one at least.
    pub group: usize,
    /// The mean total over full marks; nothing when no sheet is counted.
    pub mean: Option<Number>,
    /// The questions in the order of the paper.
    pub questions: Vec<QuestionStatistics>,
}

/// How one question did.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionStatistics {
    /// The part it is in.
    pub part: Arc<str>,
    /// Its name: `S4`.
    pub question: Arc<str>,
    /// The right answer.
    pub key: String,
    /// How many left it blank.
    pub blank: usize,
    /// How many wrote what cannot be an answer, where that earns no marks.
    pub invalid: usize,
    /// How many earned all its marks.
    pub right: usize,
    /// Difficulty (难度): the marks earned over the marks there were, from 0 (hard) to 1 (easy).
    pub difficulty: Option<Number>,
    /// Discrimination (区分度): the share of marks earned in the upper group minus that in the lower group, people being
    /// ordered by their totals. Of people with one total at the edge of a group each counts in part, so that the order of
    /// rows decides nothing. Nothing with fewer than two sheets.
    pub discrimination: Option<Number>,
    /// The correlation of the question's marks with those of the rest of the paper, at 12 decimals; of right-or-wrong
    /// questions the point-biserial one. Nothing where everybody has the same marks in either.
    pub correlation: Option<Number>,
}

/// What the sheets earned, in whole units that all questions of the paper share.
struct Earned {
    /// For each question the marks of each sheet.
    marks: Vec<Vec<BigInt>>,
    /// For each question its full marks.
    full: Vec<BigInt>,
    /// The total of each sheet.
    totals: Vec<BigInt>,
}

impl Run {
    /// How the questions of an examination did.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has no examination of that name.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::{Data, Options, Row, Scheme, Table};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 考试
    /// inputs: { 工号: { type: text, key: true } }
    /// exams: { 上岗考试: { parts: [{ name: 单选, kind: single, questions: S, marks: 5, key: [A, B] }] } }
    /// ",
    /// )?;
    /// let people = Table::of_rows(vec![Row::new().with("工号", "001"), Row::new().with("工号", "002")]);
    /// let sheet = |key: &str, second: &str| Row::new().with("工号", key).with("S1", "a").with("S2", second);
    /// let answers = Table::of_rows(vec![sheet("001", "B"), sheet("002", "C")]);
    /// let run = scheme.score(Data::of(people).detail("上岗考试", answers), Options::default())?;
    /// let second = &run.exam_statistics("上岗考试")?.questions[1];
    /// assert_eq!(second.difficulty.as_ref().unwrap().to_string(), "0.5");
    /// assert_eq!(second.discrimination.as_ref().unwrap().to_string(), "1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exam_statistics(&self, exam: &str) -> Result<ExamStatistics, DataError> {
        let plan = self.scheme.plan();
        let id = plan.detail_named(exam).filter(|id| plan.detail(*id).kind == DetailKind::Answers);
        let (Some(id), Some(table)) = (id, id.and_then(|id| self.details.get(id.index()))) else {
            let near = nearest(exam, self.scheme.tables_of(DetailKind::Answers));
            return Err(DataError {
                code: Code::TableUnknown,
                message: say!("the scheme has no examination `{exam}`", "方案没有名为 `{exam}` 的考试"),
                help: near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？")),
                offenders: vec![exam.to_owned()],
            });
        };
        let markings = plan.nodes.iter().filter_map(|node| match &node.op {
            Op::Aggregate(aggregate) if aggregate.table == id => match &plan.node(aggregate.value?).op {
                Op::Marks(marking) => Some(&**marking),
                _ => None,
            },
            _ => None,
        });
        let questions: Vec<(&Marking, &Question)> =
            markings.flat_map(|marking| marking.questions.iter().map(move |question| (marking, question))).collect();
        let mut sheets = Vec::new();
        let mut left_out = Vec::new();
        for row in rows(table) {
            match questions.iter().map(|(_, question)| self.answer(table, question, row)).collect::<Option<Vec<_>>>() {
                Some(sheet) => sheets.push(sheet),
                None => left_out.push(table.line(row)),
            }
        }
        let earned = Earned::of(&questions, &sheets);
        let group = (sheets.len() * 27 + 50) / 100;
        let group = group.max(1).min(sheets.len());
        let told = questions.iter().enumerate().map(|(at, (marking, question))| QuestionStatistics {
            part: Arc::clone(&marking.part),
            question: Arc::clone(&question.name),
            key: question.key.to_string(),
            blank: sheets.iter().filter(|sheet| sheet.get(at).is_some_and(Option::is_none)).count(),
            invalid: sheets.iter().filter(|sheet| is_invalid(marking, sheet.get(at))).count(),
            right: earned.right(at),
            difficulty: earned.difficulty(at),
            discrimination: earned.discrimination(at, group),
            correlation: earned.correlation(at),
        });
        let questions = told.collect();
        let exam = Arc::clone(&plan.detail(id).name);
        Ok(ExamStatistics { exam, sheets: sheets.len(), left_out, group, mean: earned.mean(), questions })
    }

    /// The answer to a question on a row's sheet, a blank being nothing; nothing at all where the cell has a fault.
    fn answer(&self, table: &DetailTable, question: &Question, row: u32) -> Option<Option<Arc<str>>> {
        let plan = self.scheme.plan();
        let Op::Column(column) = plan.node(question.answer).op else { return None };
        let Role::Input(input) = plan.column(column).role else { return None };
        match super::sheet_cell(table, input.index(), row)? {
            Ok(Value::Text(text)) => Some(Some(Arc::clone(text))),
            Ok(_) => Some(None),
            Err(_) => None,
        }
    }
}

/// Whether what stands on a sheet cannot be an answer to a question.
fn is_invalid(marking: &Marking, answer: Option<&Option<Arc<str>>>) -> bool {
    answer.and_then(Option::as_deref).is_some_and(|answer| marking::chosen(marking.form, answer).is_err())
}

/// The rows of a table in their order.
fn rows(table: &DetailTable) -> Vec<u32> {
    let mut rows: Vec<u32> = match &table.owners {
        Owners::One(rows) => rows.clone(),
        Owners::ByKey(rows) => rows.iter().flat_map(|(_, rows)| rows).copied().collect(),
        Owners::NotGiven => Vec::new(),
    };
    rows.sort_unstable();
    rows
}

/// A fraction of whole numbers.
fn ratio(numerator: BigInt, denominator: BigInt) -> Option<Number> {
    let divisor = numerator.gcd(&denominator);
    if divisor == BigInt::ZERO {
        return None;
    }
    Number::from_ratio(numerator / &divisor, denominator / divisor)
}

impl Earned {
    fn of(questions: &[(&Marking, &Question)], sheets: &[Vec<Option<Arc<str>>>]) -> Self {
        // marks × share in one unit: over the denominators of marks and of shares together
        let marks: Vec<(BigInt, BigInt)> = questions.iter().map(|(marking, _)| marking.marks.to_fraction()).collect();
        let shares = questions.iter().map(|(marking, question)| {
            BigInt::from(marking::denominator(marking.credit, question.key, marking.form.options))
        });
        let denominators: Vec<BigInt> = marks.iter().zip(shares).map(|((_, of), share)| of * share).collect();
        let unit = denominators.iter().fold(BigInt::from(1), |unit, each| unit.lcm(each));
        let mut earned = Self { marks: Vec::new(), full: Vec::new(), totals: vec![BigInt::ZERO; sheets.len()] };
        for (at, ((marking, question), ((numerator, _), denominator))) in
            questions.iter().zip(marks.iter().zip(&denominators)).enumerate()
        {
            let each = numerator * (&unit / denominator);
            let whole = marking::denominator(marking.credit, question.key, marking.form.options);
            let of_sheet = |sheet: &Vec<Option<Arc<str>>>| {
                let answer = sheet.get(at).and_then(Option::as_deref);
                &each * marking::answered(marking, question, answer).0
            };
            let marks: Vec<BigInt> = sheets.iter().map(of_sheet).collect();
            for (total, marks) in earned.totals.iter_mut().zip(&marks) {
                *total += marks;
            }
            earned.marks.push(marks);
            earned.full.push(each * whole);
        }
        earned
    }

    /// The marks of a question by sheet, and its full marks.
    fn question(&self, at: usize) -> Option<(&[BigInt], &BigInt)> {
        Some((self.marks.get(at)?.as_slice(), self.full.get(at)?))
    }

    fn mean(&self) -> Option<Number> {
        let full: BigInt = self.full.iter().sum();
        ratio(self.totals.iter().sum(), full * self.totals.len())
    }

    fn right(&self, at: usize) -> usize {
        self.question(at).map_or(0, |(marks, full)| marks.iter().filter(|marks| *marks == full).count())
    }

    fn difficulty(&self, at: usize) -> Option<Number> {
        let (marks, full) = self.question(at)?;
        ratio(marks.iter().sum(), full * marks.len())
    }

    fn discrimination(&self, at: usize, group: usize) -> Option<Number> {
        if self.totals.len() < 2 {
            return None;
        }
        let (marks, full) = self.question(at)?;
        let mut order: Vec<usize> = (0..self.totals.len()).collect();
        order.sort_by(|a, b| self.totals.get(*a).cmp(&self.totals.get(*b)));
        let lower = self.of_group(order.iter(), marks, group)?;
        let upper = self.of_group(order.iter().rev(), marks, group)?;
        let full = Number::from(full.clone()).multiply(&Number::from(i64::try_from(group).ok()?));
        upper.subtract(&lower).divide(&full)
    }

    /// The marks of the first so many sheets of an order; those with the total of the last one share what is left.
    fn of_group<'o>(
        &self,
        order: impl DoubleEndedIterator<Item = &'o usize> + Clone,
        marks: &[BigInt],
        group: usize,
    ) -> Option<Number> {
        let edge = self.totals.get(*order.clone().nth(group.checked_sub(1)?)?)?;
        let total = |at: &usize| self.totals.get(*at);
        let (mut inside, mut count) = (BigInt::ZERO, 0_usize);
        let (mut shared, mut sharing) = (BigInt::ZERO, 0_usize);
        for (place, at) in order.enumerate() {
            let marks = marks.get(*at)?;
            if total(at) == Some(edge) {
                shared += marks;
                sharing += 1;
            } else if place < group {
                inside += marks;
                count += 1;
            }
        }
        let left = BigInt::from(group.checked_sub(count)?);
        Some(ratio(shared * left, BigInt::from(sharing))?.add(&Number::from(inside)))
    }

    fn correlation(&self, at: usize) -> Option<Number> {
        let (marks, _) = self.question(at)?;
        let count = BigInt::from(marks.len());
        let rest: Vec<BigInt> = self.totals.iter().zip(marks).map(|(total, marks)| total - marks).collect();
        let sum = |values: &[BigInt]| values.iter().sum::<BigInt>();
        let products = |a: &[BigInt], b: &[BigInt]| a.iter().zip(b).map(|(a, b)| a * b).sum::<BigInt>();
        let spread = |a: &[BigInt], b: &[BigInt]| &count * products(a, b) - sum(a) * sum(b);
        let (together, own, others) = (spread(marks, &rest), spread(marks, marks), spread(&rest, &rest));
        let root = ratio(&together * &together, own * others)?.square_root(ROOT_PLACES)?;
        Some(if together < BigInt::ZERO { root.negate() } else { root })
    }
}
