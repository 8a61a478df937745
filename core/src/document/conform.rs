//! Holds a document against its shape and reports everything that does not fit, not only the first.

use super::order::ordered;
use super::shape::{MapShape, Shape};
use super::suggest::nearest;
use super::tree::{Entry, Node, NodeValue, Scalar};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Message, Span};
use kaohe_grammar::{fold_name, say};

/// Reports everything in `node` that does not have the form of `shape`.
pub(crate) fn conform(node: &Node, shape: &Shape, problems: &mut Vec<Diagnostic>) {
    Conform { path: Vec::new(), problems }.value(node, shape);
}

struct Conform<'p> {
    path: Vec<String>,
    problems: &'p mut Vec<Diagnostic>,
}

impl Conform<'_> {
    fn report(&mut self, code: Code, span: Span, message: Message, help: Option<Message>) {
        let mut found = Diagnostic::error(code, span, message).at(self.path.join("."));
        found.help = help;
        self.problems.push(found);
    }

    fn value(&mut self, node: &Node, shape: &Shape) {
        if node.scalar().is_some_and(Scalar::is_nothing) {
            return; // an empty value, an alias or a cut formula was told where it stands
        }
        match (shape, &node.value) {
            (Shape::Text | Shape::Name | Shape::Formula, NodeValue::Scalar(_)) => {}
            (Shape::Order, NodeValue::Scalar(scalar)) => {
                if let Err(mistake) = ordered(&scalar.text) {
                    self.report(mistake.code, scalar.span, mistake.message, Some(mistake.help));
                }
            }
            (Shape::Sheet, NodeValue::Map(entries)) if entries.is_empty() => {}
            (Shape::Facts | Shape::Sheet, NodeValue::Map(entries)) => self.each_entry(node, entries, &Shape::Text),
            (Shape::Word(words), NodeValue::Scalar(scalar)) => self.word(scalar, words),
            (Shape::Whole(least, most), NodeValue::Scalar(scalar)) => {
                if !scalar.text.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number)) {
                    self.whole(scalar, *least, *most);
                }
            }
            (Shape::Places, NodeValue::Scalar(scalar)) => {
                if scalar.text != "none" && !scalar.text.parse::<u32>().is_ok_and(|places| places <= 12) {
                    let text = &scalar.text;
                    self.report(
                        Code::UnknownWord,
                        scalar.span,
                        say!("`{text}` is no number of decimals", "`{text}` 不是小数位数"),
                        Some(say!("write a whole number from 0 to 12, or `none`", "请写 0 到 12 的整数，或 `none`")),
                    );
                }
            }
            (Shape::Day, NodeValue::Scalar(scalar)) => {
                if crate::date::Date::parse(&scalar.text).is_err() {
                    let text = &scalar.text;
                    self.report(
                        Code::NotADate,
                        scalar.span,
                        say!("`{text}` is no date", "`{text}` 不是日期"),
                        Some(say!("write year, month and day: `2026-07-01`", "请写年、月、日：`2026-07-01`")),
                    );
                }
            }
            (Shape::Truth, NodeValue::Scalar(scalar)) => {
                if truth(&scalar.text).is_none() {
                    let text = &scalar.text;
                    self.report(
                        Code::UnknownWord,
                        scalar.span,
                        say!("`{text}` is neither true nor false", "`{text}` 既不是 true 也不是 false"),
                        Some(say!("write `true` or `false`", "请写 `true` 或 `false`")),
                    );
                }
            }
            (Shape::List(each), NodeValue::List(nodes)) => {
                if nodes.is_empty() {
                    self.empty(node);
                }
                for (at, node) in nodes.iter().enumerate() {
                    self.inside(at.to_string(), |this| this.value(node, each));
                }
            }
            (Shape::Tuple(shapes), NodeValue::List(nodes)) => {
                if nodes.len() != shapes.len() {
                    let (wanted, found) = (shapes.len(), nodes.len());
                    self.report(
                        Code::WrongShape,
                        node.span,
                        say!(
                            "expected {wanted} values in brackets, found {found}",
                            "方括号里应有 {wanted} 个值，实有 {found} 个"
                        ),
                        Some(say!("write an edge and its value: `[98%, 100]`", "请写界限和对应的值：`[98%, 100]`")),
                    );
                }
                for (at, (node, shape)) in nodes.iter().zip(*shapes).enumerate() {
                    self.inside(at.to_string(), |this| this.value(node, shape));
                }
            }
            (Shape::Map(map), NodeValue::Map(entries)) => self.map(node, entries, map),
            (Shape::Names(each), NodeValue::Map(entries)) => self.each_entry(node, entries, each),
            (Shape::Forms(forms), value) => {
                let form = match value {
                    NodeValue::Scalar(_) => &forms.scalar,
                    NodeValue::List(_) => &forms.list,
                    NodeValue::Map(_) => &forms.map,
                };
                match form {
                    Some(shape) => self.value(node, shape),
                    None => self.wrong(node, shape),
                }
            }
            _ => self.wrong(node, shape),
        }
    }

    /// A map from names to values of one form.
    fn each_entry(&mut self, node: &Node, entries: &[Entry], each: &Shape) {
        if entries.is_empty() {
            self.empty(node);
        }
        for entry in entries {
            self.inside(entry.key.text.clone(), |this| this.value(&entry.value, each));
        }
    }

    fn inside(&mut self, step: String, check: impl FnOnce(&mut Self)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }

    fn map(&mut self, node: &Node, entries: &[Entry], shape: &'static MapShape) {
        for entry in entries {
            let name = entry.key.text.as_str();
            match shape.key(name) {
                Some(key) => self.inside(name.to_owned(), |this| this.value(&entry.value, &key.shape)),
                None => self.unknown_key(&entry.key, shape),
            }
        }
        let (what_en, what_zh) = shape.what;
        // a misspelt key was told; that the right one is absent is the same mistake
        let meant = meant(entries, shape);
        let has = |name: &str| meant.contains(&name) || entries.iter().any(|entry| entry.key.text == name);
        for key in shape.keys().filter(|key| key.required && !has(key.name)) {
            let name = key.name;
            self.report(
                Code::MissingKey,
                head(node),
                say!("{what_en} needs the key `{name}`", "{what_zh}缺少 `{name}`"),
                Some(Message::new(format!("`{name}`: {}", key.doc), format!("请补上 `{name}:`"))),
            );
        }
        for (names, required) in shape.one_of {
            let found: Vec<&Entry> = entries.iter().filter(|entry| names.contains(&entry.key.text.as_str())).collect();
            if let [first, second, ..] = found.as_slice() {
                let (a, b) = (&first.key.text, &second.key.text);
                self.report(
                    Code::KeysExclude,
                    second.key.span,
                    say!("`{b}` and `{a}` exclude each other", "`{b}` 与 `{a}` 不能同时出现"),
                    Some(say!("keep one of them", "请只留一个")),
                );
            }
            if *required && found.is_empty() && !names.iter().any(|name| has(name)) {
                let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
                let (en, zh) = (list.join(", "), list.join("、"));
                self.report(
                    Code::MissingKey,
                    head(node),
                    Message::new(format!("{what_en} needs one of {en}"), format!("{what_zh}必须有 {zh} 之一")),
                    None,
                );
            }
        }
    }

    fn unknown_key(&mut self, key: &Scalar, shape: &MapShape) {
        let name = &key.text;
        let (what_en, what_zh) = shape.what;
        let meant = CHINESE.iter().find(|(word, key)| *word == name && shape.key(key).is_some());
        let near = nearest(name, shape.keys().map(|key| key.name));
        let help = match meant.map(|(_, key)| *key).or(near) {
            Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
            None => {
                let keys = shape.keys().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>();
                Message::new(format!("the keys are {}", keys.join(", ")), format!("可用的键有：{}", keys.join("、")))
            }
        };
        self.report(
            Code::UnknownKey,
            key.span,
            say!("{what_en} has no key `{name}`", "{what_zh}没有 `{name}` 这个键"),
            Some(help),
        );
    }

    fn word(&mut self, scalar: &Scalar, words: &[&str]) {
        let text = &scalar.text;
        if words.contains(&text.as_str()) {
            return;
        }
        let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
        let help = match nearest(text, words.iter().copied()) {
            Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
            None => Message::new(format!("it is one of {}", list.join(", ")), format!("应为 {} 之一", list.join("、"))),
        };
        self.report(
            Code::UnknownWord,
            scalar.span,
            say!("`{text}` is none of the words allowed here", "`{text}` 不是这里允许的词"),
            Some(help),
        );
    }

    fn whole(&mut self, scalar: &Scalar, least: i64, most: i64) {
        let text = &scalar.text;
        let version = self.path.last().is_some_and(|step| step == "kaohe");
        let (code, message) = if version {
            (
                Code::LanguageVersion,
                say!("`{text}` is no language version this program knows", "本程序不认识语言版本 `{text}`"),
            )
        } else {
            (
                Code::NotANumber,
                say!(
                    "`{text}` is no whole number from {least} to {most}",
                    "`{text}` 不是 {least} 到 {most} 之间的整数"
                ),
            )
        };
        let help = version.then(|| say!("write `kaohe: 1`", "请写 `kaohe: 1`"));
        self.report(code, scalar.span, message, help);
    }

    fn empty(&mut self, node: &Node) {
        self.report(
            Code::EmptyList,
            node.span,
            say!("expected at least one entry, found none", "这里至少要有一项"),
            Some(say!("add an entry, or leave the key out", "请补上一项，或去掉这个键")),
        );
    }

    fn wrong(&mut self, node: &Node, shape: &Shape) {
        let found = match &node.value {
            NodeValue::Scalar(_) => ("a text", "文本"),
            NodeValue::List(_) => ("a list", "列表"),
            NodeValue::Map(_) => ("a map", "键值表"),
        };
        let wanted = told(shape);
        let (wanted_en, wanted_zh, found_en, found_zh) = (wanted.0, wanted.1, found.0, found.1);
        self.report(
            Code::WrongShape,
            head(node),
            Message::new(format!("expected {wanted_en}, found {found_en}"), format!("应为{wanted_zh}，实为{found_zh}")),
            None,
        );
    }
}

/// The keys that misspelt ones were probably meant to be.
pub(crate) fn meant(entries: &[Entry], map: &'static MapShape) -> Vec<&'static str> {
    let unknown = entries.iter().filter(|entry| map.key(&entry.key.text).is_none());
    unknown.filter_map(|entry| nearest(&entry.key.text, map.keys().map(|key| key.name))).collect()
}

/// Words of the field that people write for a key of the format.
const CHINESE: &[(&str, &str)] = &[
    ("权重", "weight"),
    ("分值", "points"),
    ("标准分", "points"),
    ("满分", "full"),
    ("公式", "formula"),
    ("类型", "type"),
    ("单位", "unit"),
    ("表头", "header"),
    ("取值", "values"),
    ("最小", "min"),
    ("最小值", "min"),
    ("最大", "max"),
    ("最大值", "max"),
    ("整数", "whole"),
    ("小数位", "places"),
    ("缺失", "missing"),
    ("名称", "name"),
    ("标签", "label"),
    ("来源", "source"),
    ("显示", "show"),
    ("舍入", "round"),
    ("保底", "floor"),
    ("下限", "floor"),
    ("封顶", "cap"),
    ("上限", "cap"),
    ("门槛", "gate"),
    ("目标", "target"),
    ("目标值", "target"),
    ("完成率", "completion"),
    ("分段", "bands"),
    ("插值", "interpolate"),
    ("扣分", "deduct"),
    ("加减分", "adjustments"),
    ("一票否决", "vetoes"),
    ("指标", "items"),
    ("等级", "ladder"),
    ("分数线", "thresholds"),
    ("输入", "inputs"),
    ("参数", "parameters"),
    ("计算指标", "computed"),
    ("得分", "scores"),
    ("周期", "period"),
];

/// The first line of a node is enough to show where it is.
fn head(node: &Node) -> Span {
    match &node.value {
        NodeValue::Scalar(_) => node.span,
        NodeValue::Map(entries) => entries.first().map_or(node.span, |entry| entry.key.span),
        NodeValue::List(nodes) => nodes.first().map_or(node.span, head),
    }
}

/// What a shape is, in the words of the author.
fn told(shape: &Shape) -> (String, String) {
    let (en, zh) = match shape {
        Shape::Text => ("a text", "文本"),
        Shape::Name => ("a name", "名称"),
        Shape::Formula => ("a formula", "公式"),
        Shape::Word(_) => ("a word", "一个词"),
        Shape::Whole(..) | Shape::Places => ("a whole number", "整数"),
        Shape::Day => ("a date", "日期"),
        Shape::Truth => ("`true` or `false`", "`true` 或 `false`"),
        Shape::Order => ("a column and its direction", "列名和排序方向"),
        Shape::Facts => ("a map of columns and their values", "列名与值的对照"),
        Shape::Sheet => ("a map of questions and answers", "题号与作答的对照"),
        Shape::Names(_) => ("a map of names", "以名称为键的键值表"),
        Shape::List(_) => ("a list", "列表"),
        Shape::Tuple(_) => ("values in brackets", "方括号中的几个值"),
        Shape::Map(map) => return (format!("{} as a map", map.what.0), format!("{}（键值表）", map.what.1)),
        Shape::Forms(forms) => {
            let told: Vec<(String, String)> =
                [&forms.scalar, &forms.list, &forms.map].into_iter().flatten().map(self::told).collect();
            return (
                told.iter().map(|each| each.0.as_str()).collect::<Vec<_>>().join(" or "),
                told.iter().map(|each| each.1.as_str()).collect::<Vec<_>>().join("或"),
            );
        }
    };
    (en.to_owned(), zh.to_owned())
}

/// `true` or `false` as the document writes it.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "是" => Some(true),
        "false" | "否" => Some(false),
        _ => None,
    }
}

/// The form of what stands under the key `name` of this map.
///
/// What is missing from a text is a text, so there the key that takes a formula elsewhere takes a name.
pub(crate) fn shape_under(map: &'static MapShape, entries: &[Entry], name: &str) -> Option<&'static Shape> {
    let is_text = || {
        let kind = entries.iter().find(|entry| entry.key.text == "type");
        let kind = kind.and_then(|kind| kind.value.scalar());
        std::ptr::eq(map, &super::format::INPUT) && kind.is_some_and(|kind| matches!(&*kind.text, "text" | "choice"))
    };
    if name == "missing" && is_text() { Some(&Shape::Name) } else { map.key(name).map(|key| &key.shape) }
}

/// A name as the document writes it, folded as formulas fold names.
pub(crate) fn name(scalar: &Scalar) -> std::sync::Arc<str> {
    fold_name(scalar.text.trim()).into()
}
