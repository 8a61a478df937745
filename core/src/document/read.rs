//! From the marked tree to the typed document. Shape errors are reported before; here what does not fit is left out.

use std::sync::Arc;

use kaohe_grammar::{Expr, Message, Span, fold_name, say};

use super::conform::{name, truth};
use super::format;
use super::model::*;
use super::tree::{Entry, Node, NodeValue, Scalar};
use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::plan::{Better, Rounding, Show, WhenMissing};
use crate::rules;

/// Reads parts of the document; knows where it is and collects what is wrong.
pub(crate) struct Reader<'s> {
    source: &'s str,
    path: Vec<String>,
    problems: &'s mut Vec<Diagnostic>,
    /// Names whose definitions could not be read.
    failed: Vec<Named>,
}

/// Reads the typed document from a tree that was held against its shape before.
pub(crate) fn read(source: &str, root: &Node, problems: &mut Vec<Diagnostic>) -> Document {
    Reader { source, path: Vec::new(), problems, failed: Vec::new() }.document(root)
}

/// Reads a formula that stands in no document: its text is the whole source.
pub(crate) fn formula(source: &str, problems: &mut Vec<Diagnostic>) -> Option<FormulaText> {
    match kaohe_grammar::parse(source) {
        Ok(expr) => Some(FormulaText { text: source.into(), span: expr.span, expr: Arc::new(expr), path: "".into() }),
        Err(errors) => {
            problems.extend(errors.into_iter().map(|error| syntax(error, |span| span)));
            None
        }
    }
}

/// Reads the declaration of an input called `name`.
pub(crate) fn input(source: &str, name: &str, node: &Node, problems: &mut Vec<Diagnostic>) -> Option<InputText> {
    let mut reader = Reader { source, path: vec![name.to_owned()], problems, failed: Vec::new() };
    let named = Named { name: fold_name(name).into(), span: Span::default() };
    reader.input_named(named, node)
}

/// A grammar's error as a diagnostic, at the place `place` makes of its own.
fn syntax(error: kaohe_grammar::SyntaxError, place: impl Fn(Span) -> Span) -> Diagnostic {
    let mut found = Diagnostic::error(error.code, place(error.span), error.message);
    found.help = error.help;
    found
}

impl Reader<'_> {
    /// Reads what stands under `step`.
    pub(crate) fn inside<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.to_owned());
        let out = read(self);
        self.path.pop();
        out
    }

    fn path(&self) -> Arc<str> {
        self.path.join(".").into()
    }

    fn document(&mut self, root: &Node) -> Document {
        let mut document =
            Document { scheme: text(root, "scheme"), edition: text(root, "edition"), ..Document::default() };
        if let Some(period) = root.get("period") {
            document.period = Self::period(period);
        }
        if let Some(rounding) = root.get("rounding") {
            let places = |key: &str| scalar(rounding, key).and_then(|scalar| scalar.text.parse().ok());
            document.rounding = Rounding {
                items: places("items"),
                totals: places("totals"),
                money: places("money"),
                mode: scalar(rounding, "mode").map(|word| rounding_mode(&word.text)).unwrap_or_default(),
            };
        }
        document.inputs = self.named(root, "inputs", Self::input);
        document.parameters = self.named(root, "parameters", Self::parameter);
        document.computed = self.named(root, "computed", Self::computed);
        document.scores = self.named(root, "scores", Self::score);
        document.grades = self.named(root, "grades", Self::grading);
        document.cases = self.listed(root, "cases", Self::case);
        for detail in entries(root, "details") {
            for section in ["columns", "computed"] {
                document.detail_columns.extend(entries(&detail.value, section).iter().map(|entry| name(&entry.key)));
            }
        }
        for section in ["given", "details", "pay", "ratings", "exams"] {
            for entry in entries(root, section) {
                document.unbuilt.push(Named { name: name(&entry.key), span: entry.key.span });
                if let Some(parts) = entry.value.get("deferral").and_then(|deferral| deferral.get("parts")) {
                    document.unbuilt.extend(list(parts).iter().filter_map(Node::scalar).map(named));
                }
                if let Some(claims) = entry.value.get("pool").and_then(|pool| pool.get("claims")) {
                    for claim in list(claims) {
                        if let Some(claim) = scalar(claim, "name") {
                            document.unbuilt.push(Named { name: name(claim), span: claim.span });
                        }
                    }
                }
            }
        }
        document.unbuilt.append(&mut self.failed);
        if let NodeValue::Map(sections) = &root.value {
            for section in sections.iter().filter(|section| format::SCHEME.key(&section.key.text).is_none()) {
                names_in(&section.value, &mut document.unbuilt);
            }
        }
        document
    }

    /// Reads each entry of the map under `key` with its name.
    fn named<T>(&mut self, node: &Node, key: &str, read: impl Fn(&mut Self, &Scalar, &Node) -> Option<T>) -> Vec<T> {
        let mut out = Vec::new();
        self.inside(key, |this| {
            for entry in entries(node, key) {
                let found = this.inside(&entry.key.text, |this| read(this, &entry.key, &entry.value));
                if found.is_none() {
                    // what reads it is no mistake of its own
                    this.failed.push(Named { name: name(&entry.key), span: entry.key.span });
                }
                out.extend(found);
            }
        });
        out
    }

    /// Reads each entry of the list under `key`.
    fn listed<T>(&mut self, node: &Node, key: &str, read: impl Fn(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        let mut out = Vec::new();
        self.inside(key, |this| {
            for (at, node) in node.get(key).map(list).unwrap_or_default().iter().enumerate() {
                out.extend(this.inside(&at.to_string(), |this| read(this, node)));
            }
        });
        out
    }

    fn period(node: &Node) -> Option<Period> {
        Some(Period { start: day(node, "start")?.0, end: day(node, "end")?.0, span: node.span })
    }

    /// The formula under `key`, if there is one.
    pub(crate) fn formula(&mut self, node: &Node, key: &str) -> Option<FormulaText> {
        let found = scalar(node, key)?;
        self.inside(key, |this| this.formula_text(found))
    }

    /// A formula that stands in `scalar`.
    pub(crate) fn formula_text(&mut self, scalar: &Scalar) -> Option<FormulaText> {
        if scalar.is_nothing() {
            return None; // said where it stands
        }
        match kaohe_grammar::parse(&scalar.text) {
            Ok(mut expr) => {
                self.place(&mut expr, scalar);
                Some(FormulaText {
                    text: scalar.text.as_str().into(),
                    expr: Arc::new(expr),
                    span: scalar.span,
                    path: self.path(),
                })
            }
            Err(errors) => {
                let path = self.path();
                let source = self.source;
                let found = errors.into_iter().map(|error| syntax(error, |span| scalar.source_span(source, span)));
                self.problems.extend(found.map(|found| found.at(&*path)));
                None
            }
        }
    }

    /// Turns the tree's places in the formula into places in the document.
    fn place(&self, expr: &mut Expr, scalar: &Scalar) {
        let places = scalar.places(self.source);
        expr.relocate(&mut |span: Span| places.span(span));
    }

    /// Pairs of formulas: `[[98%, 100], [95%, 90]]`.
    pub(crate) fn pairs(&mut self, node: &Node, key: &str) -> Vec<(FormulaText, FormulaText)> {
        self.listed(node, key, |this, pair| {
            let [edge, value] = list(pair) else { return None };
            let edge = this.inside("0", |this| this.formula_text(edge.scalar()?));
            let value = this.inside("1", |this| this.formula_text(value.scalar()?));
            Some((edge?, value?))
        })
    }

    /// Reports something that is wrong at `span`.
    pub(crate) fn report(&mut self, code: Code, span: Span, message: Message, help: Option<Message>) {
        let mut found = Diagnostic::error(code, span, message).at(&*self.path());
        found.help = help;
        self.problems.push(found);
    }

    /// Reports keys that would have no effect where they stand.
    fn without_effect(&mut self, node: &Node, keys: &[&str], why: &Message) {
        let NodeValue::Map(entries) = &node.value else { return };
        for entry in entries.iter().filter(|entry| keys.contains(&entry.key.text.as_str())) {
            let key = &entry.key.text;
            let (en, zh) = (&why.en, &why.zh);
            self.report(
                Code::KeysExclude,
                entry.key.span,
                say!("`{key}` has no effect here: {en}", "`{key}` 在这里不起作用：{zh}"),
                Some(say!("leave it out, or write it where it counts", "请去掉它，或写到起作用的地方")),
            );
        }
    }

    fn common(&self, key: &Scalar, node: &Node) -> Common {
        self.common_named(Named { name: name(key), span: key.span }, node)
    }

    fn common_named(&self, name: Named, node: &Node) -> Common {
        let label = |language: &str| node.get("label").and_then(|label| text(label, language));
        let show = node.get("show");
        Common {
            name,
            path: self.path(),
            label_en: label("en"),
            label_zh: label("zh"),
            show: Show {
                percent: show.and_then(|show| scalar(show, "as")).is_some_and(|word| word.text == "percent"),
                places: show.and_then(|show| scalar(show, "places")).and_then(|places| places.text.parse().ok()),
            },
            round: match scalar(node, "round").map(|scalar| scalar.text.as_str()) {
                None => OwnRound::Unstated,
                Some("none") => OwnRound::None,
                Some(places) => places.parse().map_or(OwnRound::Unstated, OwnRound::Places),
            },
            source: text(node, "source"),
            better: scalar(node, "better").and_then(|word| Better::from_name(&word.text)),
        }
    }

    fn input(&mut self, key: &Scalar, node: &Node) -> Option<InputText> {
        self.input_named(Named { name: name(key), span: key.span }, node)
    }

    fn input_named(&mut self, named_key: Named, node: &Node) -> Option<InputText> {
        let kind = match scalar(node, "type")?.text.as_str() {
            "number" => InputKind::Number,
            "text" => InputKind::Text,
            "bool" => InputKind::Truth,
            "date" => InputKind::Date,
            "choice" => {
                let values = node.get("values").map(list).unwrap_or_default();
                if values.is_empty() {
                    let span = scalar(node, "type")?.span;
                    self.problems.push(
                        Diagnostic::error(
                            Code::MissingKey,
                            span,
                            kaohe_grammar::say!("a choice needs its `values`", "选项类型需要写明 `values`"),
                        )
                        .at(&*self.path())
                        .help(kaohe_grammar::say!("write `values: [甲, 乙]`", "请写 `values: [甲, 乙]`")),
                    );
                }
                InputKind::Choice(values.iter().filter_map(Node::scalar).map(worded).collect())
            }
            _ => return None,
        };
        if !matches!(kind, InputKind::Choice(_)) {
            self.without_effect(node, &["values"], &say!("only a choice has them", "只有选项类型才有取值"));
        }
        if flag(node, "whole") {
            self.without_effect(node, &["places"], &say!("a whole number has no decimals", "整数没有小数位"));
        }
        let headers = match node.get("header") {
            Some(header) => {
                header.scalar().into_iter().chain(list(header).iter().filter_map(Node::scalar)).map(named).collect()
            }
            None => Vec::new(),
        };
        let missing = match scalar(node, "missing") {
            None => MissingText::Error,
            Some(word) if word.text == "error" => MissingText::Error,
            Some(word) if word.text == "allow" => MissingText::Allow,
            Some(word) if matches!(kind, InputKind::Choice(_) | InputKind::Text) => MissingText::Word(worded(word)),
            Some(_) => self.formula(node, "missing").map_or(MissingText::Error, MissingText::Default),
        };
        let range = [
            self.formula(node, "min"),
            self.formula(node, "max"),
            self.formula(node, "above"),
            self.formula(node, "below"),
        ];
        Some(InputText {
            common: self.common_named(named_key, node),
            kind,
            key: flag(node, "key"),
            headers,
            unit: scalar(node, "unit").map(named),
            range,
            whole: flag(node, "whole"),
            places: scalar(node, "places").and_then(|places| places.text.parse().ok()),
            missing,
        })
    }

    fn parameter(&mut self, key: &Scalar, node: &Node) -> Option<ParameterText> {
        let editions = match &node.value {
            NodeValue::Scalar(scalar) => vec![EditionText {
                from: None,
                values: ValuesText::One(self.formula_text(scalar)?),
                source: None,
                span: node.span,
            }],
            NodeValue::List(nodes) => self.editions(nodes),
            NodeValue::Map(_) => match node.get("dated") {
                Some(dated) => self.inside("dated", |this| this.editions(list(dated))),
                None => vec![self.edition(node)?],
            },
        };
        Some(ParameterText {
            name: named(key),
            path: self.path(),
            unit: scalar(node, "unit").map(named),
            by: node.get("by").map(list).unwrap_or_default().iter().filter_map(Node::scalar).map(named).collect(),
            editions,
        })
    }

    fn editions(&mut self, nodes: &[Node]) -> Vec<EditionText> {
        let mut out = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            out.extend(self.inside(&at.to_string(), |this| this.edition(node)));
        }
        out
    }

    fn edition(&mut self, node: &Node) -> Option<EditionText> {
        let values = match node.get("values") {
            Some(values) => self.inside("values", |this| this.values(values))?,
            None => ValuesText::One(self.formula(node, "value")?),
        };
        Some(EditionText { from: day(node, "from"), values, source: text(node, "source"), span: node.span })
    }

    fn values(&mut self, node: &Node) -> Option<ValuesText> {
        match &node.value {
            NodeValue::Scalar(scalar) => self.formula_text(scalar).map(ValuesText::One),
            NodeValue::List(_) => None,
            NodeValue::Map(entries) => {
                let mut out = Vec::new();
                for entry in entries {
                    let value = self.inside(&entry.key.text, |this| this.values(&entry.value));
                    out.extend(value.map(|value| (worded(&entry.key), value)));
                }
                Some(ValuesText::Keyed(out))
            }
        }
    }

    fn computed(&mut self, key: &Scalar, node: &Node) -> Option<ComputedText> {
        let rule = match node.scalar() {
            Some(_) => rules::formula::read(self, node),
            None => self.rule(node).and_then(|(_, rule)| rule),
        };
        Some(ComputedText { common: self.common(key, node), rule: rule?, unit: scalar(node, "unit").map(named) })
    }

    /// The rule a map states, with its kind; the rule itself is nothing when it cannot be read.
    fn rule(&mut self, node: &Node) -> Option<(&'static rules::RuleKind, Option<Box<dyn rules::Rule>>)> {
        rules::KINDS.iter().find_map(|kind| {
            let body = node.get(kind.key.name)?;
            Some((kind, self.inside(kind.key.name, |this| (kind.read)(this, body))))
        })
    }

    fn score(&mut self, key: &Scalar, node: &Node) -> Option<ScoreText> {
        let rule = self.rule(node);
        self.keys_that_count(node);
        let rule_unbuilt = rules::NAMES.iter().any(|name| node.get(name).is_some()) && rule.is_none();
        Some(ScoreText {
            common: self.common(key, node),
            weight: self.formula(node, "weight"),
            points: self.formula(node, "points"),
            full: self.formula(node, "full"),
            items: self.named(node, "items", Self::score),
            rule_unbuilt: rule_unbuilt
                || node.get("items").is_some_and(|items| entries_of(items).is_empty())
                || rule.as_ref().is_some_and(|(_, rule)| rule.is_none()),
            rule_name: rule.as_ref().map_or("", |(kind, _)| kind.key.name),
            rule: rule.and_then(|(_, rule)| rule),
            only_when: self.formula(node, "only_when"),
            when_missing: match scalar(node, "when_missing").map(|word| word.text.as_str()) {
                Some("zero") => WhenMissing::Zero,
                Some("full") => WhenMissing::Full,
                Some("redistribute") => WhenMissing::Redistribute,
                _ => WhenMissing::Error,
            },
            floor: self.formula(node, "floor"),
            cap: self.formula(node, "cap"),
            adjustments: self.listed(node, "adjustments", Self::adjustment),
            vetoes: self.listed(node, "vetoes", |this, veto| {
                Some(VetoText {
                    name: text(veto, "name")?,
                    when: this.formula(veto, "when")?,
                    at_most: this.formula(veto, "score_at_most")?,
                })
            }),
        })
    }

    /// An item with a rule, a total over items and an item that is a column each take keys of their own.
    fn keys_that_count(&mut self, node: &Node) {
        let has = |key: &str| node.get(key).is_some();
        if self.path.len() == 2 {
            let why = say!("a total at the top has no siblings", "最上层的总分没有并列项");
            self.without_effect(node, &["weight", "points", "when_missing"], &why);
        }
        if rules::NAMES.iter().any(|name| has(name)) {
            let why = say!("the item has a rule", "该项已有规则");
            self.without_effect(node, &["items", "full", "adjustments", "vetoes"], &why);
        } else if has("items") {
            self.without_effect(node, &["only_when"], &say!("it has parts", "它由各项组成"));
        } else {
            let why =
                say!("an item without a rule is the column of its name, as it is", "没有规则的项就是同名的列本身");
            let keys = ["only_when", "floor", "cap", "round", "full", "adjustments", "vetoes"];
            self.without_effect(node, &keys, &why);
        }
    }

    fn adjustment(&mut self, node: &Node) -> Option<AdjustmentText> {
        Some(AdjustmentText {
            common: self.common(scalar(node, "name")?, node),
            points: self.formula(node, "points")?,
            when: self.formula(node, "when"),
            min: self.formula(node, "min"),
            max: self.formula(node, "max"),
        })
    }

    fn grading(&mut self, key: &Scalar, node: &Node) -> Option<GradingText> {
        let thresholds = node.get("thresholds").and_then(|thresholds| {
            self.inside("thresholds", |this| {
                let at_least = this.listed(thresholds, "at_least", |this, pair| {
                    let [edge, grade] = list(pair) else { return None };
                    let edge = this.inside("0", |this| this.formula_text(edge.scalar()?))?;
                    Some((edge, worded(grade.scalar()?)))
                });
                Some(ThresholdsText {
                    of: this.formula(thresholds, "of")?,
                    at_least,
                    otherwise: scalar(thresholds, "else").map(worded),
                    span: thresholds.span,
                })
            })
        });
        let later =
            ["standards", "order", "quota", "within", "eligible", "graded_when", "shifts", "movement", "override"];
        Some(GradingText {
            common: self.common(key, node),
            ladder: node
                .get("ladder")
                .map(list)
                .unwrap_or_default()
                .iter()
                .filter_map(Node::scalar)
                .map(worded)
                .collect(),
            thresholds,
            vetoes: self.listed(node, "vetoes", |this, veto| {
                Some(VetoText {
                    name: text(veto, "name")?,
                    when: this.formula(veto, "when")?,
                    at_most: worded(scalar(veto, "grade_at_most")?),
                })
            }),
            unbuilt: later.iter().any(|key| node.get(key).is_some()),
        })
    }

    fn case(&mut self, node: &Node) -> Option<CaseText> {
        let facts = |key: &str| -> Vec<(Named, Scalar)> {
            entries(node, key)
                .iter()
                .filter_map(|entry| Some((named(&entry.key), entry.value.scalar()?.clone())))
                .collect()
        };
        for key in ["row", "expect"] {
            let Some(part) = node.get(key) else { continue };
            let plain = match &part.value {
                NodeValue::Map(entries) => {
                    !entries.is_empty() && entries.iter().all(|entry| entry.value.scalar().is_some())
                }
                _ => false,
            };
            if !plain {
                self.report(
                    Code::WrongShape,
                    part.span,
                    say!("`{key}` is a map of columns and their values", "`{key}` 应为列名与值的对照"),
                    Some(say!("write `{key}: {{ 得分: 92.90 }}`", "请写 `{key}: {{ 得分: 92.90 }}`")),
                );
            }
        }
        let later = ["rows", "details", "given", "ratings", "answers"];
        Some(CaseText {
            name: text(node, "name").unwrap_or_else(|| self.path()),
            as_of: day(node, "as_of").map(|(day, _)| day),
            row: facts("row"),
            expect: facts("expect"),
            span: node.span,
            unbuilt: later.iter().any(|key| node.get(key).is_some()),
        })
    }
}

/// Every key in a part of the document that could not be read: what reads them is no mistake of its own.
fn names_in(node: &Node, names: &mut Vec<Named>) {
    match &node.value {
        NodeValue::Scalar(_) => {}
        NodeValue::List(nodes) => nodes.iter().for_each(|node| names_in(node, names)),
        NodeValue::Map(entries) => {
            for entry in entries {
                names.push(named(&entry.key));
                names_in(&entry.value, names);
            }
        }
    }
}

/// The entries of a map; none when it is no map.
fn entries_of(node: &Node) -> &[Entry] {
    match &node.value {
        NodeValue::Map(entries) => entries,
        _ => &[],
    }
}

/// The entries of the map under `key`.
fn entries<'n>(node: &'n Node, key: &str) -> &'n [Entry] {
    node.get(key).map_or(&[], entries_of)
}

/// The nodes of a list; none when it is no list.
pub(crate) fn list(node: &Node) -> &[Node] {
    match &node.value {
        NodeValue::List(nodes) => nodes,
        _ => &[],
    }
}

/// The text under `key`.
pub(crate) fn scalar<'n>(node: &'n Node, key: &str) -> Option<&'n Scalar> {
    node.get(key)?.scalar()
}

fn text(node: &Node, key: &str) -> Option<Arc<str>> {
    scalar(node, key).map(|scalar| scalar.text.as_str().into())
}

/// A word that cells and texts are compared with: its characters, not folded as names are.
fn worded(scalar: &Scalar) -> Named {
    Named { name: scalar.text.trim().into(), span: scalar.span }
}

fn named(scalar: &Scalar) -> Named {
    Named { name: fold_name(scalar.text.trim()).into(), span: scalar.span }
}

fn day(node: &Node, key: &str) -> Option<(Date, Span)> {
    let scalar = scalar(node, key)?;
    Some((Date::parse(&scalar.text).ok()?, scalar.span))
}

/// Whether the key says `true`.
pub(crate) fn flag(node: &Node, key: &str) -> bool {
    scalar(node, key).and_then(|scalar| truth(&scalar.text)).unwrap_or(false)
}
