//! Inputs, computed indicators and gradings as columns of the plan.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::builder::Builder;
use crate::code::Code;
use crate::document::model::{Common, ComputedText, FormulaText, InputKind, InputText, MissingText, Named, OwnRound};
use crate::document::suggest::nearest;
use crate::eval::input;
use crate::limits::{INPUT_INTEGER_DIGITS, PLAN_DEPTH, PUBLISHED_DIGITS, PUBLISHED_PLACES, WORDS};
use crate::number::{Number, RoundingMode};
use crate::plan::{
    Column, ColumnId, DetailId, Facts, Formula, Input, InputId, MissingPolicy, NodeId, Op, Range, Role, Step,
};
use crate::rules::Item;
use crate::size::Size;
use crate::unit::Unit;
use crate::value::{Kind, Value};

/// A column before it has its number.
pub(crate) struct Draft<'t> {
    common: &'t Common,
    name: Arc<str>,
    body: NodeId,
    role: Role,
    formula: Option<&'t FormulaText>,
    round: Option<(u32, RoundingMode)>,
    detail: Option<DetailId>,
}

impl<'t> Draft<'t> {
    pub(crate) fn new(common: &'t Common, body: NodeId, role: Role) -> Self {
        Self { common, name: Arc::clone(&common.name.name), body, role, formula: None, round: None, detail: None }
    }

    /// The same under another name.
    pub(crate) fn named(self, name: Arc<str>) -> Self {
        Self { name, ..self }
    }

    /// The same, of the rows of a detail table.
    pub(crate) fn in_table(self, table: DetailId) -> Self {
        Self { detail: Some(table), ..self }
    }

    /// The same, defined by a formula.
    pub(crate) fn formula(self, formula: Option<&'t FormulaText>) -> Self {
        Self { formula, ..self }
    }

    /// The same, rounded.
    pub(crate) fn rounded(self, round: Option<(u32, RoundingMode)>) -> Self {
        Self { round, ..self }
    }
}

impl Builder<'_> {
    /// Rounds the definition where that is said and makes it a column; its figure is published at those places.
    pub(crate) fn finish(&mut self, draft: Draft<'_>) -> Option<ColumnId> {
        let Draft { common, name: plan_name, mut body, role, formula, round, detail } = draft;
        if self.depth(body) > PLAN_DEPTH {
            let name = &common.name.name;
            self.error(
                Code::TooDeep,
                common.name.span,
                say!("the definition of `{name}` is nested too deep", "`{name}` 的定义嵌套过深"),
                Some(say!("compute a part of it in a column of its own", "请把其中一部分写成单独的一列")),
            );
            return None;
        }
        let mut places = None;
        let number = self.facts(body).kind == Kind::Number;
        if let Some((to, mode)) = round
            && number
        {
            body = self.rounded(body, to, mode)?;
            places = Some(to);
        } else if let (OwnRound::Places(_), false) = (common.round, number) {
            let (en, zh) = self.facts(body).kind.told();
            self.error(
                Code::TypeMismatch,
                common.name.span,
                say!("{en} cannot be rounded", "{zh}不能取小数位"),
                Some(say!("leave out `round`", "请去掉 `round`")),
            );
            return None;
        }
        if number {
            // what is published has at most 28 digits at its places; more is a fault of that cell, so what reads the
            // column reads no more than that
            let most = Size::decimal(u64::from(PUBLISHED_DIGITS - places.unwrap_or(PUBLISHED_PLACES)), 0).magnitude;
            if let Some(node) = self.nodes.get_mut(body.index()) {
                node.facts.size.magnitude = node.facts.size.magnitude.min(most);
            }
        }
        let label = match (&common.label_en, &common.label_zh) {
            (None, None) => None,
            (en, zh) => {
                let name = &common.name.name;
                Some(Message::new(&**en.as_ref().unwrap_or(name), &**zh.as_ref().unwrap_or(name)))
            }
        };
        let column = Column {
            name: plan_name,
            body,
            role,
            places,
            formula: formula
                .map(|formula| Formula { text: Arc::clone(&formula.text), expr: Arc::clone(&formula.expr) }),
            label,
            show: common.show,
            source: common.source.clone(),
            better: common.better,
            span: Some(common.name.span),
            detail,
            hidden: false,
        };
        Some(self.column(column))
    }

    /// The value rounded, unless it is certain to have no more places already.
    fn rounded(&mut self, body: NodeId, places: u32, mode: RoundingMode) -> Option<NodeId> {
        let may_be_missing = self.facts(body).may_be_missing;
        let rounded = self.round(body, i32::try_from(places).ok()?, mode)?;
        if !may_be_missing {
            return Some(rounded);
        }
        // absence is not rounded: it stays a value
        let absent = self.truth_node(Op::IsMissing(body));
        let missing = self.missing();
        self.choose(absent, missing, rounded)
    }

    /// How a column is rounded: as it says itself, otherwise as the scheme says for its kind.
    pub(crate) fn rounding(&self, own: OwnRound, default: Option<u32>) -> Option<(u32, RoundingMode)> {
        let places = match own {
            OwnRound::Unstated => default,
            OwnRound::None => None,
            OwnRound::Places(places) => Some(places),
        };
        places.map(|places| (places, self.mode))
    }

    /// An input of people.
    pub(crate) fn input(&mut self, text: &InputText) -> Option<ColumnId> {
        let name = Arc::clone(&text.common.name.name);
        let column = ColumnId(u32::try_from(self.columns.len()).ok()?);
        let id = InputId(u32::try_from(self.inputs.len()).ok()?);
        let (input, facts) = self.declared(text, &name, column)?;
        let body = self.push(Op::Input(id), facts);
        self.inputs.push(input);
        self.finish(Draft::new(&text.common, body, Role::Input(id)))
    }

    /// An input as it is declared, of people, of detail rows or of the run, with what is known of its value; `name` is
    /// what the plan calls it.
    pub(crate) fn declared(&mut self, text: &InputText, name: &str, column: ColumnId) -> Option<(Input, Facts)> {
        let kind = match &text.kind {
            InputKind::Number => Kind::Number,
            InputKind::Text => Kind::Text,
            InputKind::Truth => Kind::Truth,
            InputKind::Date => Kind::Date,
            InputKind::Choice(words) => {
                self.words_once(words);
                Kind::Choice(Arc::clone(self.names.words.get(name)?))
            }
        };
        self.only_for_numbers(text, &kind);
        let range = self.range(text)?;
        let mut input = Input {
            name: Arc::clone(&text.common.name.name),
            column,
            kind: kind.clone(),
            key: text.key,
            headers: text.headers.iter().map(|header| Arc::clone(&header.name)).collect(),
            unit: text.unit.as_ref().map(|unit| Arc::clone(&unit.name)),
            missing: MissingPolicy::Error,
            range,
            whole: text.whole,
            places: text.places,
            answer: text.answer,
            sheet: text.sheet.clone(),
        };
        input.missing = self.missing_policy(text, &input)?;
        let unit = match &text.unit {
            Some(unit) => Unit::named(&unit.name),
            None => Unit::Unknown,
        };
        let size = if kind == Kind::Number { Self::input_size(&input) } else { Size::NONE };
        let may_be_missing = matches!(input.missing, MissingPolicy::Allow);
        Some((input, Facts { kind, may_be_missing, unit, size }))
    }

    /// The largest number the declaration lets in.
    fn input_size(input: &Input) -> Size {
        let Range { min, max, above, below } = &input.range;
        let places = input.most_places();
        let low = min.as_ref().or(above.as_ref());
        let high = max.as_ref().or(below.as_ref());
        match (low, high) {
            (Some(low), Some(high)) => {
                let magnitude = Size::of(low).magnitude.max(Size::of(high).magnitude);
                Size { magnitude, ..Size::decimal(0, places) }
            }
            _ => Size::decimal(u64::from(INPUT_INTEGER_DIGITS), places),
        }
    }

    /// Reports that a list of words is longer than the limit.
    pub(crate) fn too_many_words(&mut self, span: crate::diagnostic::Span) {
        self.error(
            Code::TooMany,
            span,
            say!("a list of words has at most {WORDS} of them", "取值最多有 {WORDS} 个"),
            Some(say!("declare the column as text", "请把该列声明为文本")),
        );
    }

    pub(crate) fn words_once(&mut self, words: &[Named]) {
        if let (true, Some(last)) = (words.len() > WORDS, words.last()) {
            self.too_many_words(last.span);
            return;
        }
        let mut seen = HashSet::new();
        for word in words {
            if !seen.insert(&*word.name) {
                let name = &word.name;
                self.error(
                    Code::NameTwice,
                    word.span,
                    say!("`{name}` is listed twice", "`{name}` 列了两次"),
                    Some(say!("keep it once", "请只留一个")),
                );
            }
        }
    }

    /// A unit, a range or decimals on what is no number were meant for something else.
    fn only_for_numbers(&mut self, text: &InputText, kind: &Kind) {
        let stated =
            text.range.iter().any(Option::is_some) || text.whole || text.places.is_some() || text.unit.is_some();
        if stated && *kind != Kind::Number {
            let (en, zh) = kind.told();
            self.error(
                Code::TypeMismatch,
                text.common.name.span,
                say!("{en} has no unit, range or decimals", "{zh}没有单位、范围或小数位"),
                Some(say!("write `type: number`, or leave these keys out", "请写 `type: number`，或去掉这些键")),
            );
        }
    }

    fn range(&mut self, text: &InputText) -> Option<Range> {
        let declared = text.unit.as_ref().map(|unit| Unit::named(&unit.name));
        let mut read = |formula: &Option<FormulaText>| -> Option<Option<Number>> {
            let Some(formula) = formula else { return Some(None) };
            let number = self.known_number(formula)?;
            let id = self.formula(formula)?;
            if let Some(declared) = &declared
                && let Err(clash) = declared.together(&self.facts(id).unit)
            {
                self.inside(&formula.path, formula.span, |this| this.clash(&clash, formula.span));
                return None;
            }
            Some(Some(number))
        };
        let [min, max, above, below] = &text.range;
        let range = Range { min: read(min)?, max: read(max)?, above: read(above)?, below: read(below)? };
        let low = range.min.as_ref().or(range.above.as_ref());
        let high = range.max.as_ref().or(range.below.as_ref());
        let strict = range.above.is_some() || range.below.is_some();
        if let (Some(low), Some(high)) = (low, high)
            && (low > high || (strict && low == high))
        {
            let span = text.range.iter().flatten().last().map_or(text.common.name.span, |formula| formula.span);
            self.error(
                Code::LimitOrder,
                span,
                say!("no number lies between {low} and {high}", "{low} 与 {high} 之间没有数"),
                Some(say!("swap the two limits", "请对调上下限")),
            );
            return None;
        }
        Some(range)
    }

    fn missing_policy(&mut self, text: &InputText, input: &Input) -> Option<MissingPolicy> {
        match &text.missing {
            MissingText::Error => Some(MissingPolicy::Error),
            MissingText::Allow => Some(MissingPolicy::Allow),
            MissingText::Word(word) => match &input.kind {
                Kind::Choice(list) => match list.position(&word.name) {
                    Some(at) => Some(MissingPolicy::Default(Value::Choice(at))),
                    None => {
                        let name = &word.name;
                        let help = nearest(name, list.words.iter().map(|word| &**word))
                            .map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
                        self.error(
                            Code::NoDefault,
                            word.span,
                            say!("the default `{name}` is none of the choices", "缺省值 `{name}` 不在选项之中"),
                            help,
                        );
                        None
                    }
                },
                _ => Some(MissingPolicy::Default(Value::Text(Arc::clone(&word.name)))),
            },
            MissingText::Default(formula) => {
                let id = self.formula(formula)?;
                let id = self.inside(&formula.path, formula.span, |this| this.demand(id, &input.kind, formula.span))?;
                if let Some(unit) = &input.unit
                    && let Err(clash) = Unit::named(unit).together(&self.facts(id).unit)
                {
                    self.inside(&formula.path, formula.span, |this| this.clash(&clash, formula.span));
                    return None;
                }
                let value = self.constant(id).cloned();
                let fits = match &value {
                    Some(Value::Number(number)) => input::check(input, number).is_ok(),
                    Some(value) => !value.is_missing(),
                    None => false,
                };
                if !fits {
                    let default = &formula.text;
                    self.inside(&formula.path, formula.span, |this| {
                        this.error(
                            Code::NoDefault,
                            formula.span,
                            say!(
                                "the default `{default}` does not fit the input's own declaration",
                                "缺省值 `{default}` 不符合该输入列自己的规定"
                            ),
                            Some(say!(
                                "a default is held to the same range, type and decimals as a cell",
                                "缺省值同样要符合类型、范围与小数位"
                            )),
                        );
                    });
                    return None;
                }
                value.map(MissingPolicy::Default)
            }
        }
    }

    /// A computed indicator.
    pub(crate) fn computed(&mut self, text: &ComputedText) -> Option<ColumnId> {
        let body = self.computed_body(text)?;
        let round = self.rounding(text.common.round, None);
        self.finish(Draft::new(&text.common, body, Role::Computed).formula(text.rule.formula()).rounded(round))
    }

    /// What a computed indicator is, before it is rounded.
    pub(crate) fn computed_body(&mut self, text: &ComputedText) -> Option<NodeId> {
        let full = self.integer(100);
        let mut body = text.rule.lower_any(self, &Item { full, only_when: None })?;
        if self.facts(body).kind == Kind::Missing {
            self.error(
                Code::TypeMismatch,
                text.common.name.span,
                say!("a column that is always missing has no meaning", "永远缺失的列没有意义"),
                None,
            );
            return None;
        }
        if let Some(unit) = &text.unit {
            let declared = Unit::named(&unit.name);
            if let Err(clash) = declared.together(&self.facts(body).unit) {
                self.clash(&clash, unit.span);
                return None;
            }
            let facts = Facts { unit: declared, ..self.facts(body).clone() };
            body = self.push(Op::Tell(Step::Declared, body), facts);
        }
        Some(body)
    }
}
