//! `rank`: points by place in a group (排名计分): less for each place, by a table of places, or on a line.

use kaohe_grammar::{Clause, ComparisonOperator, Expr, ExprKind, Message, Name, say};

use super::{BETTER, Item, Rule, WITHIN, lower_is_better};
use crate::code::Code;
use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, names, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::fault::FaultCode;
use crate::lower::{Among, Builder};
use crate::number::Number;
use crate::plan::{Arithmetic, BandEdge, Direction, Extreme, GroupFunction, NodeId, Ties};

pub(crate) const KEY: Key = Key::new("rank", Shape::Map(&SHAPE), "points by place in a group (排名计分)");

static SHAPE: MapShape = MapShape {
    what: ("a rank rule", "排名计分"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure; who has none takes no part, and has no place").required(),
        BETTER.required(),
        WITHIN,
        Key::new(
            "ties",
            Shape::Word(&["min", "max", "average", "dense"]),
            "the place of equals: the best of theirs (`min`: 1 2 2 4), the worst (`max`: 1 3 3 4), the mean (`average`: 1 2.5 \
             2.5 4), or as if equals were one (`dense`: 1 2 2 3)",
        )
        .required(),
        Key::new(
            "each_place",
            Shape::Formula,
            "what each place after the first changes, zero or negative: `first` + `each_place` × (place − 1); half a place \
             counts half",
        ),
        Key::new("first", Shape::Formula, "with `each_place`, points of the first place; full marks when not stated"),
        Key::new("floor", Shape::Formula, "with `each_place`, points are at least this"),
        Key::new(
            "table",
            Shape::List(&Shape::Tuple(&[Shape::Formula, Shape::Formula])),
            "place and points, the first place first; an entry holds for its place and those after the entry before it: \
             `[[1, 25], [3, 22]]` gives the second and the third 22; not with `ties: average`",
        ),
        Key::new("else", Shape::Formula, "with `table`, points of the places after the last; without it that is a fault"),
        Key::new(
            "linear",
            Shape::Map(&LINEAR),
            "points on a straight line from the first place to the last, which is how many take part, and under `dense` how \
             many places there are; alone in a group one is first",
        ),
    ]],
    one_of: &[(&["each_place", "table", "linear"], true)],
};

static LINEAR: MapShape = MapShape {
    what: ("points on a line", "首末名次得分"),
    keys: &[&[
        Key::new("first", Shape::Formula, "points of the first place; full marks when not stated"),
        Key::new("last", Shape::Formula, "points of the last place").required(),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Rank {
    of: FormulaText,
    lower: bool,
    within: Vec<Named>,
    ties: Ties,
    points: Points,
}

/// What a place is worth.
#[derive(Debug)]
enum Points {
    EachPlace { each: FormulaText, first: Option<FormulaText>, floor: Option<FormulaText> },
    Table { table: Vec<(FormulaText, FormulaText)>, otherwise: Option<FormulaText> },
    Linear { first: Option<FormulaText>, last: FormulaText },
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let lower = lower_is_better(node);
    let stated = scalar(node, "ties")?;
    let ties = Ties::from_word(&stated.text)?;
    let points = points(reader, node);
    if let (Some(Points::Table { .. }), Ties::Average) = (&points, ties) {
        reader.report(
            Code::KeysExclude,
            stated.span,
            say!("half a place stands in no table", "表中没有半个名次"),
            Some(say!(
                "write `min`, `max` or `dense`, or give points by `each_place`",
                "请写 `min`、`max` 或 `dense`，或改用 `each_place` 计分"
            )),
        );
        return None;
    }
    Some(Box::new(Rank { of: of?, lower, within: names(node, "within"), ties, points: points? }))
}

fn points(reader: &mut Reader<'_>, node: &Node) -> Option<Points> {
    if node.get("each_place").is_some() {
        reader.without_effect(node, &["else"], &say!("points go down with each place", "得分按名次递减"));
        let each = reader.formula(node, "each_place");
        let (first, floor) = (reader.formula(node, "first"), reader.formula(node, "floor"));
        Some(Points::EachPlace { each: each?, first, floor })
    } else if node.get("table").is_some() {
        reader.without_effect(node, &["first", "floor"], &say!("points follow a table", "得分由表给出"));
        let table = reader.pairs(node, "table");
        Some(Points::Table { table, otherwise: reader.formula(node, "else") })
    } else {
        let line = node.get("linear")?;
        let why = say!("points are on a line", "得分由首末名次确定");
        reader.without_effect(node, &["first", "floor", "else"], &why);
        reader.inside("linear", |reader| {
            let first = reader.formula(line, "first");
            Some(Points::Linear { first, last: reader.formula(line, "last")? })
        })
    }
}

impl Rule for Rank {
    fn formulas(&self) -> Vec<&FormulaText> {
        let mut formulas = vec![&self.of];
        match &self.points {
            Points::EachPlace { each, first, floor } => formulas.extend([each].into_iter().chain(first).chain(floor)),
            Points::Table { table, otherwise } => {
                formulas.extend(table.iter().flat_map(|(place, points)| [place, points]).chain(otherwise));
            }
            Points::Linear { first, last } => formulas.extend(first.iter().chain([last])),
        }
        formulas
    }

    fn columns(&self) -> Vec<&Named> {
        self.within.iter().collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let among = builder.among(&self.of, &self.within, item)?;
        let function = GroupFunction::Rank { direction: self.direction(), ties: self.ties };
        let place = builder.over(function, &among)?;
        match &self.points {
            Points::EachPlace { each, first, floor } => {
                let (first, text) = (or_full(builder, first.as_ref(), item)?, first.as_ref());
                let each = not_above_zero(builder, each)?;
                floor_below_first(builder, floor.as_ref(), first, text)?;
                let one = builder.integer(1);
                let further = builder.points(Arithmetic::Subtract, place, one)?;
                let change = builder.scaled(each, further)?;
                let points = builder.points(Arithmetic::Add, first, change)?;
                builder.limits(points, floor.as_ref(), None)
            }
            Points::Table { table, otherwise } => {
                let mut bands = Vec::new();
                for (at, points) in table {
                    bands.push((whole_place(builder, at)?, builder.number(points)?));
                }
                let otherwise = match otherwise {
                    Some(otherwise) => Some(builder.number(otherwise)?),
                    None => None,
                };
                builder.bands(place, BandEdge::UpTo, bands, otherwise)
            }
            Points::Linear { first, last } => {
                let (first, text) = (or_full(builder, first.as_ref(), item)?, first.as_ref());
                let last = last_below_first(builder, last, first, text)?;
                let places = self.places(builder, among, place)?;
                on_a_line(builder, (first, last), place, places)
            }
        }
    }
}

impl Rank {
    const fn direction(&self) -> Direction {
        if self.lower { Direction::Ascending } else { Direction::Descending }
    }

    /// Which place is the last.
    fn places(&self, builder: &mut Builder<'_>, among: Among, place: NodeId) -> Option<NodeId> {
        if self.ties != Ties::Dense {
            return builder.over(GroupFunction::Count, &among);
        }
        // equals are one place, so there are as many places as the last one says
        let expr = self.written();
        let among = builder.onwards(among, place, expr)?;
        builder.over(GroupFunction::Maximum, &among)
    }

    /// The place as a formula would have it, for people to read.
    fn written(&self) -> Expr {
        let span = self.of.span;
        let ties = Ties::WORDS.iter().find(|(_, ties)| *ties == self.ties).map_or("", |(word, _)| word);
        let mut clauses = vec![(Clause::Direction(self.direction()), span), (Clause::Ties(ties.into()), span)];
        if !self.within.is_empty() {
            let within = self.within.iter().map(|named| {
                let name = Name { table: None, name: (*named.name).into(), span };
                Expr { kind: ExprKind::Name(name), span }
            });
            clauses.push((Clause::Within(within.collect()), span));
        }
        let arguments = vec![(*self.of.expr).clone()];
        Expr { kind: ExprKind::Call { function: "rank".into(), function_span: span, arguments, clauses }, span }
    }
}

fn or_full(builder: &mut Builder<'_>, points: Option<&FormulaText>, item: &Item<'_>) -> Option<NodeId> {
    match points {
        Some(points) => builder.number(points),
        None => Some(item.full),
    }
}

/// `first + (last − first) × (place − 1) ÷ (places − 1)`; where there is one place there is no way to go.
fn on_a_line(
    builder: &mut Builder<'_>,
    (first, last): (NodeId, NodeId),
    place: NodeId,
    places: NodeId,
) -> Option<NodeId> {
    let one = builder.integer(1);
    let further = builder.points(Arithmetic::Subtract, place, one)?;
    let all = builder.points(Arithmetic::Subtract, places, one)?;
    let all = builder.extreme(Extreme::Maximum, vec![all, one])?;
    let way = builder.arithmetic(Arithmetic::Divide, further, all)?;
    let spread = builder.points(Arithmetic::Subtract, last, first)?;
    let change = builder.scaled(spread, way)?;
    builder.points(Arithmetic::Add, first, change)
}

/// The points of each further place: a worse place never has more.
fn not_above_zero(builder: &mut Builder<'_>, text: &FormulaText) -> Option<NodeId> {
    let each = builder.number(text)?;
    if builder.constant_number(each).is_some_and(|each| each.sign() > 0) {
        let written = &text.text;
        let message = say!("each further place would have `{written}` more", "名次越靠后反而多得 `{written}` 分");
        let help = say!("write `-{written}`", "请写 `-{written}`");
        report(builder, Code::BadConstant, text, message, help);
        return None;
    }
    let zero = builder.zero();
    let fine = builder.compare(ComparisonOperator::AtMost, each, zero)?;
    let fault = builder.fail(FaultCode::NotInOrder, each);
    builder.choose(fine, each, fault)
}

/// A floor above the first place would make all places alike.
fn floor_below_first(
    builder: &mut Builder<'_>,
    floor: Option<&FormulaText>,
    first: NodeId,
    first_text: Option<&FormulaText>,
) -> Option<()> {
    let Some(text) = floor else { return Some(()) };
    let floor = builder.number(text)?;
    let above = match (builder.constant_number(floor), builder.constant_number(first)) {
        (Some(floor), Some(first)) => floor > first,
        _ => false,
    };
    if !above {
        return Some(());
    }
    let written = &text.text;
    let message = say!("the floor `{written}` is above the first place", "下限 `{written}` 高于第一名的得分");
    report(builder, Code::LimitOrder, text, message, more_than_first(first_text));
    None
}

/// The points of the last place, which are no more than those of the first.
fn last_below_first(
    builder: &mut Builder<'_>,
    text: &FormulaText,
    first: NodeId,
    first_text: Option<&FormulaText>,
) -> Option<NodeId> {
    let last = builder.number(text)?;
    match (builder.constant_number(last), builder.constant_number(first)) {
        (Some(below), Some(above)) if below > above => {
            let written = &text.text;
            let message =
                say!("the last place has `{written}`, more than the first", "末名得 `{written}` 分，多于第一名");
            report(builder, Code::LimitOrder, text, message, more_than_first(first_text));
            None
        }
        (Some(_), Some(_)) => Some(last),
        _ => {
            let fine = builder.compare(ComparisonOperator::AtMost, last, first)?;
            let fault = builder.fail(FaultCode::NotInOrder, last);
            builder.choose(fine, last, fault)
        }
    }
}

/// The way out where another place has more than the first.
fn more_than_first(first: Option<&FormulaText>) -> Message {
    match first {
        Some(_) => say!("swap the two", "请对调二者"),
        None => {
            say!("the first place has full marks; say `first` if it has more", "第一名得满分；若不止，请写 `first`")
        }
    }
}

/// A place of the table: a whole number from 1.
fn whole_place(builder: &mut Builder<'_>, text: &FormulaText) -> Option<NodeId> {
    let place = builder.number(text)?;
    let odd = |place: &Number| place.sign() <= 0 || place.decimal_scale() != Some(0);
    if builder.constant_number(place).is_some_and(odd) {
        let written = &text.text;
        let message = say!("`{written}` is no place", "`{written}` 不是名次");
        report(builder, Code::BadConstant, text, message, say!("places are 1, 2, 3 …", "名次应为 1、2、3……"));
        return None;
    }
    Some(place)
}

fn report(builder: &mut Builder<'_>, code: Code, text: &FormulaText, message: Message, help: Message) {
    builder.inside(&text.path, text.span, |builder| builder.error(code, text.span, message, Some(help)));
}
