//! The plan: numbered columns, each an expression over a small set of operations, in the order they are computed.

mod exam;
mod group;
mod op;
mod reached;
mod severity;
mod stages;
mod total;
mod whole_group;

use std::collections::HashMap;
use std::sync::Arc;

pub use exam::{AnswerForm, Credit, Marking, Options, Question, QuestionKind};
pub use group::{
    Aggregate, AggregateFunction, Allot, Awaited, CarriedOver, Direction, Ends, Group, GroupFunction, OverLimit,
    PercentileKind, Quota, QuotaMethod, QuotaOf, Seats, Ties, TiesAtCut,
};
pub use kaohe_grammar::ComparisonOperator;
pub use op::{
    Arithmetic, BandEdge, Bands, Beyond, Composite, CompositeMethod, CompositePart, DatePart, DateShift, DateSpan,
    Extreme, Interpolate, Op, Portion, Step, WhenMissing,
};
pub use severity::SheetSeverity;

pub(crate) use reached::Read;
pub(crate) use total::{Stage, StageKind};
pub(crate) use whole_group::Nodes;

use crate::diagnostic::{Message, Span};
use crate::number::{Number, RoundingMode};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::{Kind, Value};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(pub u32);

            impl $name {
                /// The number as an index.
                #[must_use]
                pub const fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}

ids! {
    /// The number of a node in its plan.
    NodeId;
    /// The number of a column in its plan: its place in [`Plan::columns`].
    ColumnId;
    /// The number of an input in its plan: its place in [`Plan::inputs`].
    InputId;
    /// The number of a table in its plan.
    TableId;
    /// The number of a detail table in its plan: its place in [`Plan::details`].
    DetailId;
    /// The number of a figure over a group: its place in [`Plan::groups`].
    GroupId;
}

impl NodeId {
    /// No node: the place of a fault that is one of a figure over a group itself.
    pub(crate) const NONE: Self = Self(u32::MAX);
}

/// Everything that is computed for a row, in order. Immutable, shared by every thread.
#[derive(Debug)]
pub struct Plan {
    /// The operations; a node's operands stand before it.
    pub nodes: Vec<Node>,
    /// The columns in the order they are computed: a column reads only columns before it. Inputs come first.
    pub columns: Vec<Column>,
    /// The inputs in the order they are declared.
    pub inputs: Vec<Input>,
    /// The values of the run in the order they are declared; they are no columns.
    pub given: Vec<Input>,
    /// The detail tables in the order they are declared.
    pub details: Vec<Detail>,
    /// The figures over groups; one reads only those before it.
    pub groups: Vec<Group>,
    /// What pools were left by the run before.
    pub carries: Vec<CarriedOver>,
    /// Parameters by key.
    pub tables: Vec<Table>,
    /// The columns people are shown, in the order of the document.
    pub shown: Vec<ColumnId>,
    /// For each node its place among those that are read more than once, which a row computes once.
    shared: Vec<Option<u32>>,
    /// How many nodes are read more than once.
    shared_count: usize,
    /// For each detail table the places of the shared nodes whose value depends on its row.
    remembered: Vec<Vec<u32>>,
    /// The columns by name; those nobody is shown are not among them.
    by_name: HashMap<Arc<str>, ColumnId>,
    /// For each column in which stage of rows it can be computed.
    levels: Vec<u32>,
}

/// One operation with what is known about its value before any row is read.
#[derive(Debug, Clone)]
pub struct Node {
    /// What is done.
    pub op: Op,
    /// What is known about the value.
    pub facts: Facts,
    /// Where it was written: a span in the scheme's text.
    pub span: Option<Span>,
}

/// What is known about a value before any row is read.
#[derive(Debug, Clone)]
pub struct Facts {
    /// What kind of value it is.
    pub kind: Kind,
    /// Whether it may be missing without a fault.
    pub may_be_missing: bool,
    /// Its unit of measure.
    pub unit: Unit,
    /// The worst-case size of its exact value.
    pub size: Size,
}

/// A column: a name and the expression that defines it.
#[derive(Debug, Clone)]
pub struct Column {
    /// The name, unique in the scheme.
    pub name: Arc<str>,
    /// What is computed; rounding, where stated, is its outermost operation.
    pub body: NodeId,
    /// What the column is in the scheme.
    pub role: Role,
    /// The decimals it is rounded to; nothing when it is not rounded or not a number.
    pub places: Option<u32>,
    /// The formula as written, for explanations; nothing where a rule or an input defines it.
    pub formula: Option<Formula>,
    /// The label in English, if one is stated.
    pub label: Option<Message>,
    /// How the figure is shown to people.
    pub show: Show,
    /// Where the rule comes from, when stated.
    pub source: Option<Arc<str>>,
    /// Which direction is good, when stated; for the checker, no figure depends on it.
    pub better: Option<Better>,
    /// Where it is defined in the scheme's text.
    pub span: Option<Span>,
    /// The detail table each of whose rows has a value of it; nothing for a column of people.
    pub detail: Option<DetailId>,
    /// Whether it was made for a figure over a group alone: nobody is shown it, and its faults are told where it is read.
    pub hidden: bool,
}

/// A detail table: several rows for one person.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Its name.
    pub name: Arc<str>,
    /// The column of people whose value its rows name.
    pub key: ColumnId,
    /// The headers that name the key in its tables: those of the column of people.
    pub key_headers: Vec<Arc<str>>,
    /// What its rows bring, besides the key.
    pub inputs: Vec<Input>,
    /// Its columns in the order they are computed, those of the inputs first.
    pub columns: Vec<ColumnId>,
    /// The inputs that no two rows of one key share; none when rows may be alike.
    pub unique: Vec<InputId>,
    /// What its rows are.
    pub kind: DetailKind,
    /// Where it is defined in the scheme's text.
    pub span: Option<Span>,
}

/// What the rows of a detail table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DetailKind {
    /// Whatever the scheme declares.
    #[default]
    Rows,
    /// Answers to an examination: one row for a person at the most.
    Answers,
    /// Sheets of an appraisal: one row for each rater of a person.
    Sheets,
}

impl DetailKind {
    /// The word hosts know it by, which is the option it is handed over with, too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rows => "details",
            Self::Answers => "answers",
            Self::Sheets => "ratings",
        }
    }

    /// The kind that word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Rows, Self::Answers, Self::Sheets].into_iter().find(|kind| kind.word() == word)
    }
}

/// Which direction of a figure is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

impl Better {
    /// The direction a scheme calls so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "higher" => Some(Self::Higher),
            "lower" => Some(Self::Lower),
            _ => None,
        }
    }
}

/// A formula as it was written, with where it begins in the scheme's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The text.
    pub text: Arc<str>,
    /// Its tree; the spans are places in the scheme's text.
    pub expr: Arc<kaohe_grammar::Expr>,
}

/// How a figure is shown to people. The value itself is not changed by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Show {
    /// Whether the figure is shown as a percentage.
    pub percent: bool,
    /// How many decimals are shown.
    pub places: Option<u32>,
}

/// What a column is in the scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A given fact.
    Input(InputId),
    /// A computed indicator.
    Computed,
    /// A scored item with one rule; its full marks are a node.
    Item(ItemRole),
    /// A dimension or a total.
    Composite(CompositeRole),
    /// An adjustment of a total.
    Adjustment,
    /// A grading: its final value, or its value at an earlier stage.
    Grade,
    /// An amount of pay.
    Pay,
    /// What a figure over a group is computed of.
    Operand,
}

/// What an explanation needs to know of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRole {
    /// The rule's name as written in the scheme: `completion`.
    pub rule: &'static str,
    /// Full marks: the item's points, or 100 under weights.
    pub full: NodeId,
}

/// What an explanation needs to know of a dimension or total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositeRole {
    /// The node of the composite itself, before adjustments.
    pub composite: NodeId,
    /// The adjustments: each a column, added in this order.
    pub adjustments: Vec<ColumnId>,
    /// The vetoes: label, the node of the condition, the node of the score it allows.
    pub vetoes: Vec<(Arc<str>, NodeId, NodeId)>,
    /// The value before rounding.
    pub before_rounding: NodeId,
    /// Full marks: 100, or the points.
    pub full: NodeId,
}

/// An input: what a row must bring.
#[derive(Debug, Clone)]
pub struct Input {
    /// The name in the scheme.
    pub name: Arc<str>,
    /// The column that carries it.
    pub column: ColumnId,
    /// What kind of value.
    pub kind: Kind,
    /// Whether it is the key that names a row.
    pub key: bool,
    /// The headers it is known by in tables; the name itself is always one.
    pub headers: Vec<Arc<str>>,
    /// Its unit as declared.
    pub unit: Option<Arc<str>>,
    /// What an absent cell means.
    pub missing: MissingPolicy,
    /// The range it must lie in.
    pub range: Range,
    /// Whether it must be a whole number.
    pub whole: bool,
    /// How many decimals it may have.
    pub places: Option<u32>,
    /// The form of the answers it has, when it is a question of an examination.
    pub answer: Option<AnswerForm>,
    /// What it is on the sheet of a rater.
    pub sheet: Option<SheetCell>,
}

/// What a column of a rater's sheet is.
#[derive(Debug, Clone)]
pub enum SheetCell {
    /// The role it was given in; for each role whether people rate themselves in it.
    Role(Arc<[bool]>),
    /// Who gave it; need not be told.
    Rater,
    /// All its marks in the order of the items, in place of a column for each.
    Marks,
    /// The mark of one item.
    Item {
        /// The marks there are.
        scale: Arc<crate::ratings::Scale>,
        /// Whom it is asked of; nothing when every role is asked.
        asked: Option<Asked>,
    },
}

/// Which roles the plan of an appraisal asks for an item.
#[derive(Debug, Clone)]
pub struct Asked {
    /// For each role whether it is asked.
    pub of: Arc<[bool]>,
    /// Whether a role that is asked must mark it.
    pub required: bool,
}

impl SheetCell {
    /// Whether the plan asks a role for it; of a role that is not known, whatever it is.
    pub(crate) fn is_asked_of(&self, role: Option<usize>) -> bool {
        match self {
            Self::Item { asked: Some(asked), .. } => role.and_then(|role| asked.of.get(role)).copied().unwrap_or(true),
            _ => true,
        }
    }
}

impl Detail {
    /// The items of a rater's sheet in their order, each with its place among the columns.
    pub(crate) fn items(&self) -> impl Iterator<Item = (usize, &Input, &SheetCell)> {
        let cells = self.inputs.iter().enumerate().filter_map(|(at, input)| Some((at, input, input.sheet.as_ref()?)));
        cells.filter(|(.., cell)| matches!(cell, SheetCell::Item { .. }))
    }

    /// The place of the column that says in which role a sheet was given.
    pub(crate) fn role_column(&self) -> Option<usize> {
        self.inputs.iter().position(|input| matches!(input.sheet, Some(SheetCell::Role(_))))
    }
}

impl Input {
    /// The headers it is known by: its name, then its aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.headers.iter().map(|header| &**header))
    }

    /// Whether a table may do without it: the rater of a sheet, and the marks all in one text or, where those are there,
    /// one by one. `is_there` says of a name whether the table has it.
    #[must_use]
    pub(crate) fn may_be_left_out(&self, others: &[Self], is_there: impl Fn(&str) -> bool) -> bool {
        match &self.sheet {
            Some(SheetCell::Rater | SheetCell::Marks) => true,
            Some(SheetCell::Item { .. }) => {
                let marks = others.iter().find(|other| matches!(other.sheet, Some(SheetCell::Marks)));
                marks.is_some_and(|marks| marks.names().any(is_there))
            }
            Some(SheetCell::Role(_)) | None => false,
        }
    }

    /// Decimals a cell may have: as declared, none for whole numbers, otherwise 12.
    #[must_use]
    pub fn most_places(&self) -> u32 {
        if self.whole { 0 } else { self.places.unwrap_or(crate::limits::INPUT_PLACES) }
    }
}

/// What an absent cell of an input means.
#[derive(Debug, Clone)]
pub enum MissingPolicy {
    /// A fault of that cell.
    Error,
    /// This value.
    Default(Value),
    /// Absence is a value.
    Allow,
}

/// The range an input's number must lie in.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// Not below this.
    pub min: Option<Number>,
    /// Not above this.
    pub max: Option<Number>,
    /// Above this.
    pub above: Option<Number>,
    /// Below this.
    pub below: Option<Number>,
}

/// A parameter by key: one value for each combination of keys.
#[derive(Debug, Clone)]
pub struct Table {
    /// The parameter's name.
    pub name: Arc<str>,
    /// The words of each dimension, in the order of the key columns.
    pub keys: Vec<TableKey>,
    /// The values, row-major over the dimensions; nothing where the table has a hole.
    pub values: Vec<Option<Value>>,
    /// Where the values come from, when stated.
    pub source: Option<Arc<str>>,
}

impl Table {
    /// The keys that it has a value for.
    pub(crate) fn stated(&self) -> impl Iterator<Item = Vec<Value>> + '_ {
        let filled = self.values.iter().enumerate().filter(|(_, value)| value.is_some());
        filled.map(|(at, _)| {
            let mut rest = at;
            let mut keys: Vec<Value> = self.keys.iter().rev().map(|key| key.taken_from(&mut rest)).collect();
            keys.reverse();
            keys
        })
    }
}

/// One dimension of a table.
#[derive(Debug, Clone)]
pub enum TableKey {
    /// By position in a choice or ladder.
    Choice(Arc<crate::value::WordList>),
    /// By free text.
    Text(Vec<Arc<str>>),
}

impl TableKey {
    /// How many keys there are in this dimension.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Choice(list) => list.words.len(),
            Self::Text(words) => words.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key of a place in the table, which `rest` counts in this dimension and those before it; it then counts in those
    /// before alone.
    fn taken_from(&self, rest: &mut usize) -> Value {
        let len = self.len().max(1);
        let at = *rest % len;
        *rest /= len;
        match self {
            Self::Choice(_) => Value::Choice(u32::try_from(at).unwrap_or(u32::MAX)),
            Self::Text(words) => words.get(at).map_or(Value::Missing, |word| Value::Text(Arc::clone(word))),
        }
    }
}

/// How money, totals and items are rounded when a column does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rounding {
    /// Leaf items.
    pub items: Option<u32>,
    /// Dimensions and totals.
    pub totals: Option<u32>,
    /// Pay.
    pub money: Option<u32>,
    /// Which way; half away from zero when not stated.
    pub mode: RoundingMode,
}

/// The parts a plan is made of.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) nodes: Vec<Node>,
    pub(crate) columns: Vec<Column>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) given: Vec<Input>,
    pub(crate) details: Vec<Detail>,
    pub(crate) groups: Vec<Group>,
    pub(crate) carries: Vec<CarriedOver>,
    pub(crate) tables: Vec<Table>,
    pub(crate) shown: Vec<ColumnId>,
}

impl Plan {
    /// A plan of these parts.
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { nodes, columns, inputs, given, details, mut groups, carries, tables, shown } = parts;
        let mut uses = vec![0_u32; nodes.len()];
        let read = nodes.iter().flat_map(|node| node.op.operands()).chain(columns.iter().map(|column| column.body));
        for id in read {
            if let Some(count) = uses.get_mut(id.index()) {
                *count = count.saturating_add(1);
            }
        }
        let mut shared_count = 0_u32;
        let shared: Vec<Option<u32>> = nodes
            .iter()
            .zip(&uses)
            .map(|(node, uses)| {
                let cheap = matches!(
                    node.op,
                    Op::Constant(_) | Op::Input(_) | Op::DetailInput(..) | Op::Given(_) | Op::Column(_) | Op::Fail(_)
                );
                // a figure over rows that stands in another one is computed once, not for each of its rows
                let dear = matches!(node.op, Op::Aggregate(_));
                ((*uses > 1 && !cheap) || dear).then(|| {
                    shared_count += 1;
                    shared_count - 1
                })
            })
            .collect();
        let remembered = stages::remembered(&nodes, &columns, &details, &shared);
        let levels = stages::levels(&nodes, &columns, &details, &mut groups);
        let by_name = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| !column.hidden)
            .filter_map(|(at, column)| Some((Arc::clone(&column.name), ColumnId(u32::try_from(at).ok()?))))
            .collect();
        Self {
            nodes,
            columns,
            inputs,
            given,
            details,
            groups,
            carries,
            tables,
            shown,
            shared,
            shared_count: shared_count as usize,
            remembered,
            by_name,
            levels,
        }
    }

    /// The shared nodes whose value depends on the row of a detail table, by their places among the shared ones.
    pub(crate) fn remembered_in(&self, table: DetailId) -> &[u32] {
        self.remembered.get(table.index()).map_or(&[], Vec::as_slice)
    }

    /// In which stage of rows a column can be computed: 0 when it needs no other row.
    #[must_use]
    pub fn level(&self, id: ColumnId) -> u32 {
        self.levels.get(id.index()).copied().unwrap_or(0)
    }

    /// The declaration of a column that is an input, of people or of detail rows.
    #[must_use]
    pub fn input_of(&self, column: &Column) -> Option<&Input> {
        let Role::Input(id) = column.role else { return None };
        match column.detail {
            Some(table) => self.details.get(table.index())?.inputs.get(id.index()),
            None => self.inputs.get(id.index()),
        }
    }

    /// The figure over a group with this number.
    #[expect(clippy::indexing_slicing, reason = "a plan's ids are made by its own builder and never cross plans")]
    #[must_use]
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    /// The detail table with this number.
    #[expect(clippy::indexing_slicing, reason = "a plan's ids are made by its own builder and never cross plans")]
    #[must_use]
    pub fn detail(&self, id: DetailId) -> &Detail {
        &self.details[id.index()]
    }

    /// The detail table of that name.
    #[must_use]
    pub fn detail_named(&self, name: &str) -> Option<DetailId> {
        let at = self.details.iter().position(|detail| &*detail.name == name)?;
        u32::try_from(at).ok().map(DetailId)
    }

    /// The place of a node among those that are read more than once. Computing each of them once keeps the time of a
    /// row in proportion to the plan, however often formulas nest what they repeat.
    #[must_use]
    pub fn shared(&self, id: NodeId) -> Option<u32> {
        self.shared.get(id.index()).copied().flatten()
    }

    /// How many nodes are read more than once.
    #[must_use]
    pub const fn shared_count(&self) -> usize {
        self.shared_count
    }

    /// The node with this number.
    #[expect(clippy::indexing_slicing, reason = "a plan's ids are made by its own builder and never cross plans")]
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The column with this number.
    #[expect(clippy::indexing_slicing, reason = "a plan's ids are made by its own builder and never cross plans")]
    #[must_use]
    pub fn column(&self, id: ColumnId) -> &Column {
        &self.columns[id.index()]
    }

    /// The number of the column called `name`.
    #[must_use]
    pub fn column_named(&self, name: &str) -> Option<ColumnId> {
        self.by_name.get(name).copied()
    }
}
