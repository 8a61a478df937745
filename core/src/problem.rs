//! Why a cell is empty or a figure provisional, in the words of the scheme's author.

use std::fmt;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::diagnostic::Location;
use crate::fault::{Cause, Fault, FaultCode};
use crate::outcome::{Outcome, Provisional};
use crate::plan::{ColumnId, Input, NodeId, Op};
use crate::run::listed_of;

/// Why a cell is empty, or its figure provisional, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The column.
    pub column: Arc<str>,
    /// The stable code.
    pub code: Code,
    /// Why, in both languages.
    pub message: Message,
    /// The column whose fault it is, when this one only reads it.
    pub blocked_by: Option<Arc<str>>,
    /// The input whose cell it is about, of the person or of the detail row, when it is about one.
    pub input: Option<Arc<str>>,
    /// The part of the scheme that had no answer.
    pub location: Option<Location>,
    /// The detail row in which it was met: the table, and the line of its file or the number of the row from 1.
    pub detail: Option<(Arc<str>, u32)>,
    /// The keys of the rows whose absence makes the figure provisional, and it has a value then, or holds its money back (K0930); at most
    /// the first hundred.
    pub left_out: Vec<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.message.en, self.code.id())
    }
}

impl std::error::Error for Problem {}

impl Outcome {
    /// Every empty cell with its reason: first the faults themselves, then what is blocked by them, then the
    /// figures that are provisional.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> =
            (0..self.cells.len()).filter_map(|at| self.problem_at(ColumnId(u32::try_from(at).ok()?))).collect();
        problems.sort_by_key(|problem| problem.blocked_by.is_some());
        problems.extend(self.provisional.iter().map(|each| self.provisional_at(each)));
        problems
    }

    /// Why a column is empty, or nothing when it is not.
    #[must_use]
    pub fn problem(&self, name: &str) -> Option<Problem> {
        self.problem_at(self.scheme.plan().column_named(name)?)
    }

    fn problem_at(&self, id: ColumnId) -> Option<Problem> {
        let plan = self.scheme.plan();
        let definition = plan.column(id);
        let column = Arc::clone(&definition.name);
        match self.cells.get(id.index())? {
            Ok(_) => None,
            Err(_) if definition.hidden => None,
            Err(Cause::Blocked { by }) => {
                let name = Arc::clone(&plan.column(*by).name);
                Some(Problem {
                    column,
                    code: Code::Blocked,
                    message: say!("`{name}` has no value", "`{name}` 没有值"),
                    blocked_by: Some(name),
                    input: None,
                    location: None,
                    detail: None,
                    left_out: Vec::new(),
                })
            }
            Err(Cause::Fault(fault)) => {
                let place = self.places.get(&id);
                let detail = place.map(|place| (Arc::clone(&plan.detail(place.table).name), place.line));
                let held = self.held.iter().find(|held| held.column == id);
                let mut message = match held {
                    Some(held) => self.held_told(held),
                    None => self.told(*fault, place.and_then(|place| place.written.as_deref())),
                };
                if let Some((table, line)) = &detail {
                    let Message { en, zh } = &message;
                    message = say!("{en} (row {line} of `{table}`)", "{zh}（`{table}` 第 {line} 行）");
                }
                Some(Problem {
                    message,
                    code: fault.code.code(),
                    blocked_by: None,
                    input: self.input_at(fault.node).map(|input| Arc::clone(&input.name)),
                    location: plan.node(fault.node).span.map(|span| Location::new(self.scheme.source(), span)),
                    column,
                    detail,
                    left_out: held.map(|held| held.left_out.clone()).unwrap_or_default(),
                })
            }
        }
    }

    /// Why money is not paid.
    fn held_told(&self, held: &Provisional) -> Message {
        let name = &self.scheme.plan().column(held.column).name;
        let quoted: Vec<String> = held.left_out.iter().map(|key| format!("`{key}`")).collect();
        let Message { en, zh } = listed_of(&quoted, held.count);
        say!("`{name}` is not paid: rows are left out of its group: {en}", "`{name}` 暂不支付：本组有行未计入：{zh}")
    }

    /// Why a figure may still change.
    fn provisional_at(&self, provisional: &Provisional) -> Problem {
        let column = self.scheme.plan().column(provisional.column);
        let name = &column.name;
        let quoted: Vec<String> = provisional.left_out.iter().map(|key| format!("`{key}`")).collect();
        let Message { en, zh } = listed_of(&quoted, provisional.count);
        Problem {
            column: Arc::clone(name),
            code: Code::Provisional,
            message: say!(
                "`{name}` is provisional: rows left out could change it: {en}",
                "`{name}` 为暂定值：以下行未计入，可能改变结果：{zh}"
            ),
            blocked_by: None,
            input: None,
            location: column.span.map(|span| Location::new(self.scheme.source(), span)),
            detail: None,
            left_out: provisional.left_out.clone(),
        }
    }

    /// The input a node reads, when it is nothing else.
    fn input_at(&self, node: NodeId) -> Option<&Input> {
        let plan = self.scheme.plan();
        match &plan.node(node).op {
            Op::Input(id) => plan.inputs.get(id.index()),
            Op::DetailInput(table, id) => plan.details.get(table.index())?.inputs.get(id.index()),
            Op::Given(id) => plan.given.get(id.index()),
            _ => None,
        }
    }

    /// A fault in the words of the scheme's author; `answer` is what stands where one should.
    fn told(&self, fault: Fault, answer: Option<&str>) -> Message {
        let node = self.scheme.plan().node(fault.node);
        let written = node.span.map_or("", |span| span.of(self.scheme.source())).trim();
        let mut written: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let input = self.input_at(fault.node);
        if let Some(input) = input {
            // an input of a formula on its own stands nowhere in the text
            written = input.name.to_string();
        }
        match (fault.code, input) {
            (FaultCode::Missing, Some(input)) => {
                let name = &input.name;
                say!("the input `{name}` is missing", "缺少 `{name}`")
            }
            (FaultCode::Missing, None) => say!("`{written}` is missing", "`{written}` 缺失"),
            (FaultCode::DivisionByZero, _) => say!("division by zero in `{written}`", "`{written}` 的除数为零"),
            (FaultCode::OutOfRange, _) => say!("`{written}` is outside its declared range", "`{written}` 超出规定范围"),
            (FaultCode::NotWhole, _) => say!("`{written}` must be a whole number", "`{written}` 必须是整数"),
            (FaultCode::TooManyDigits, _) => {
                say!("`{written}` has more digits than the input counts", "`{written}` 的位数超过规定")
            }
            (FaultCode::WrongType, Some(input)) => {
                let (en, zh) = input.kind.told();
                say!("`{written}` must be {en}", "`{written}` 应为{zh}")
            }
            (FaultCode::WrongType, None) => say!("`{written}` is of the wrong kind", "`{written}` 类型不符"),
            (FaultCode::UnknownChoice, _) => say!("`{written}` is none of the choices", "`{written}` 不在选项之中"),
            (FaultCode::Overflow, _) => {
                say!("`{written}` has more than 28 digits at its places", "`{written}` 超过 28 位")
            }
            (FaultCode::TargetNotPositive, _) => {
                say!("the target `{written}` is zero or negative", "目标 `{written}` 为零或负数")
            }
            (FaultCode::NoBand, _) => say!("`{written}` falls in no band", "`{written}` 不在任何一段之内"),
            (FaultCode::BeyondKnots, _) => {
                say!("`{written}` lies beyond the outermost knots", "`{written}` 超出插值范围")
            }
            (FaultCode::NotInTable, _) => say!("there is no value for `{written}`", "`{written}` 没有对应的值"),
            (FaultCode::NegativeRoot, _) => {
                say!("`{written}` is the root of a negative number", "`{written}` 对负数开方")
            }
            (FaultCode::NoSuchDate, _) => {
                say!("`{written}` is a day that does not exist", "`{written}` 不是存在的日期")
            }
            (FaultCode::NotACount, _) => say!("`{written}` needs a whole number", "`{written}` 需要整数"),
            (FaultCode::LimitsCross, _) => {
                say!("the lower limit of `{written}` is above the upper one", "`{written}` 的下限高于上限")
            }
            (FaultCode::WeightsTotal, _) => {
                say!("the weights of `{written}` do not total what they must", "`{written}` 的权重合计不符")
            }
            (FaultCode::NothingToScore, _) => say!("every part of `{written}` is missing", "`{written}` 各项全部缺失"),
            (FaultCode::NeedsGroup, _) => {
                say!(
                    "`{written}` needs the whole group, and one row was given",
                    "`{written}` 需要全组数据，这里只给了一行"
                )
            }
            (FaultCode::NoRows, _) => {
                say!("`{written}` has no rows to be computed over", "`{written}` 没有可供计算的行")
            }
            (FaultCode::NotOne, _) => {
                say!("`{written}` has several rows where one is meant", "`{written}` 应只有一行，实有多行")
            }
            (FaultCode::TiedAtCut, _) => {
                say!("equals stand on both sides of a cut in `{written}`", "`{written}` 的名额界限两边同分")
            }
            (FaultCode::NotEligible, _) => {
                say!("eligible for no grade in `{written}`", "`{written}` 中没有符合条件的等级")
            }
            (FaultCode::NoProportion, _) => {
                say!(
                    "`{written}` is a proportion to something zero or negative",
                    "`{written}` 的比较基准为零或负数，无法按比例计"
                )
            }
            (FaultCode::NotAnAnswer, _) => match answer {
                Some(answer) => {
                    say!("`{answer}` cannot be an answer to `{written}`", "`{answer}` 不是 `{written}` 可能的答案")
                }
                None => {
                    say!("what stands at `{written}` cannot be an answer to it", "`{written}` 的作答不是该题可能的答案")
                }
            },
            // what a rater wrote is told to nobody: its sheet is named, and who keeps the sheets finds it there
            (FaultCode::OffScale, _) => {
                say!("the mark of `{written}` is none of the scale", "`{written}` 的评分不在等级尺度之内")
            }
            (FaultCode::TooFewSheets, _) => {
                say!("the role `{written}` has fewer sheets than it needs", "考评角色 `{written}` 的考评表不足")
            }
            (FaultCode::NotConnected, _) => {
                say!(
                    "the raters of `{written}` form groups that share nobody they rate, so their severity cannot be compared",
                    "`{written}` 的考评人分成几组，组间没有共同的考核对象，宽严无法比较"
                )
            }
            (FaultCode::NoSpread, _) => {
                say!(
                    "raters of `{written}` whose scores are all equal have no z-scores",
                    "`{written}` 有考评人评分全部相同，没有标准分"
                )
            }
            (FaultCode::TooManySheets, _) => {
                say!(
                    "`{written}` has more sheets or raters than severity is computed for",
                    "`{written}` 的考评表或考评人超过宽严计算的上限"
                )
            }
            (FaultCode::TooMuch, _) => {
                say!("`{written}` looks at too many detail rows", "`{written}` 涉及的明细行过多")
            }
            (FaultCode::NeedsDetails, _) => {
                say!("`{written}` needs detail rows that were not given", "`{written}` 需要明细表，但没有提供")
            }
            (FaultCode::Held, _) => {
                say!("`{written}` is not paid: a row is left out of its group", "`{written}` 暂不支付：本组有行未计入")
            }
            (FaultCode::Unlimited, _) => {
                say!(
                    "`{written}` has no limit, and nothing can be computed with that",
                    "`{written}` 不设上限，不能参与计算"
                )
            }
            (FaultCode::NotInCents, _) => {
                say!("`{written}` is not in whole cents", "`{written}` 不是整分的金额")
            }
            (FaultCode::Negative, _) => {
                say!("`{written}` is below zero for this row", "`{written}` 对本行为负数")
            }
            (FaultCode::NotAShare, _) => {
                say!("`{written}` is not between 0 and 100 % for this row", "`{written}` 对本行不在 0 与 100% 之间")
            }
            (FaultCode::NotInOrder, _) => {
                say!("`{written}` is not in order for this row", "`{written}` 对本行不成立（顺序或正负不符）")
            }
        }
    }
}
