//! The JSON Schema takes what the reader takes the form of, and refuses what it refuses.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use super::value;
use crate::document::conform::conform;
use crate::document::format::SCHEME;
use crate::document::order::{PATTERN, ordered};
use crate::document::shape::Shape;
use crate::document::tree::{Node, NodeValue, Scalar, ScalarStyle, read};

/// Every YAML file of examples and of mistakes, with its text.
fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut folders = vec![root.join("examples"), root.join("tests/bad")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// The document as an editor's YAML reader sees it.
fn resolved(node: &Node) -> Json {
    match &node.value {
        NodeValue::Scalar(scalar) => of_scalar(scalar),
        NodeValue::List(nodes) => Json::Array(nodes.iter().map(resolved).collect()),
        NodeValue::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.text.clone(), resolved(&entry.value))).collect())
        }
    }
}

fn of_scalar(scalar: &Scalar) -> Json {
    let text = scalar.text.as_str();
    if scalar.style != ScalarStyle::Plain {
        return json!(text);
    }
    match text {
        "true" => json!(true),
        "false" => json!(false),
        _ => text.parse::<serde_json::Number>().map_or_else(|_| json!(text), Json::Number),
    }
}

/// Whether the reader finds nothing wrong with the form.
fn conforms(node: &Node) -> bool {
    let mut problems = Vec::new();
    conform(node, &Shape::Map(&SCHEME), &mut problems);
    problems.is_empty()
}

/// Whether `json` is valid: the keywords this schema uses, and a panic for any other.
///
/// A full validator takes minutes to build; this one was held against it on everything these tests read.
fn is_valid(root: &Json, schema: &Json, json: &Json) -> bool {
    schema.as_object().unwrap().iter().all(|(keyword, rule)| {
        let all = |name: &str| rule[name].clone();
        let object = json.as_object();
        let list = json.as_array();
        match keyword.as_str() {
            "$schema" | "title" | "description" | "default" | "$defs" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                is_valid(root, &root["$defs"][name], json)
            }
            "type" => {
                let is = |name: &Json| match name.as_str().unwrap() {
                    "object" => json.is_object(),
                    "array" => json.is_array(),
                    "string" => json.is_string(),
                    "number" => json.is_number(),
                    "integer" => json.is_i64(),
                    "boolean" => json.is_boolean(),
                    other => panic!("the type `{other}`"),
                };
                rule.as_array().map_or_else(|| is(rule), |names| names.iter().any(is))
            }
            "enum" => rule.as_array().unwrap().contains(json),
            "minimum" => json.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
            "maximum" => json.as_i64().is_none_or(|number| number <= rule.as_i64().unwrap()),
            "pattern" => json.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)),
            "format" => json.as_str().is_none_or(|text| crate::date::Date::parse(text).is_ok()),
            "items" => list.is_none_or(|items| items.iter().all(|item| is_valid(root, rule, item))),
            "prefixItems" => list.is_none_or(|items| {
                items.iter().zip(rule.as_array().unwrap()).all(|(item, rule)| is_valid(root, rule, item))
            }),
            "minItems" => list.is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => list.is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
            "minProperties" => object.is_none_or(|entries| entries.len() as u64 >= rule.as_u64().unwrap()),
            "propertyNames" => {
                let most = all("maxLength").as_u64().unwrap();
                object.is_none_or(|entries| entries.keys().all(|key| key.chars().count() as u64 <= most))
            }
            "properties" => object.is_none_or(|entries| {
                entries.iter().all(|(key, value)| rule.get(key).is_none_or(|rule| is_valid(root, rule, value)))
            }),
            "patternProperties" => {
                object.is_none_or(|entries| entries.values().all(|value| is_valid(root, &rule["^.+$"], value)))
            }
            "additionalProperties" => {
                assert_eq!(rule, &json!(false));
                let known = |key: &String| match schema.get("patternProperties") {
                    Some(_) => !key.is_empty(),
                    None => schema["properties"].get(key).is_some(),
                };
                object.is_none_or(|entries| entries.keys().all(known))
            }
            "required" => object.is_none_or(|entries| {
                rule.as_array().unwrap().iter().all(|key| entries.contains_key(key.as_str().unwrap()))
            }),
            "allOf" => rule.as_array().unwrap().iter().all(|rule| is_valid(root, rule, json)),
            "anyOf" => rule.as_array().unwrap().iter().any(|rule| is_valid(root, rule, json)),
            "oneOf" => rule.as_array().unwrap().iter().filter(|rule| is_valid(root, rule, json)).count() == 1,
            "not" => !is_valid(root, rule, json),
            other => panic!("the keyword `{other}`"),
        }
    })
}

/// Whether a text matches one of the patterns the schema has.
fn matches(pattern: &str, text: &str) -> bool {
    let number = text.strip_prefix('+').unwrap_or(text);
    match pattern {
        "^[+-]?[0-9]+$" => text.parse::<i128>().is_ok(),
        "^(none|\\+?0*([0-9]|1[0-2]))$" => {
            text == "none" || (!number.starts_with('+') && number.parse::<u32>().is_ok_and(|places| places <= 12))
        }
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => {
            text.len() == 10
                && text
                    .char_indices()
                    .all(|(at, char)| if [4, 7].contains(&at) { char == '-' } else { char.is_ascii_digit() })
        }
        PATTERN => ordered(text).is_ok(),
        other => panic!("the pattern `{other}`"),
    }
}

/// Whether a document is valid by the schema.
fn takes(json: &Json) -> bool {
    let schema = value();
    is_valid(&schema, &schema, json)
}

#[test]
fn it_agrees_with_the_reader_on_every_example_and_every_mistake() {
    let (mut taken, mut refused) = (0, 0);
    for (path, text) in files() {
        let reading = read(&text);
        let Some(root) = reading.root.filter(|_| reading.problems.is_empty()) else { continue };
        let json = resolved(&root);
        let valid = takes(&json);
        assert_eq!(valid, conforms(&root), "{}", path.display());
        *if valid { &mut taken } else { &mut refused } += 1;
    }
    assert!(taken > 100 && refused > 20, "{taken} taken, {refused} refused");
}

#[test]
fn it_takes_json_in_which_every_value_is_a_text() {
    fn as_text(json: Json) -> Json {
        match json {
            Json::Array(items) => Json::Array(items.into_iter().map(as_text).collect()),
            Json::Object(entries) => {
                Json::Object(entries.into_iter().map(|(key, value)| (key, as_text(value))).collect::<Map<_, _>>())
            }
            Json::String(text) => Json::String(text),
            other => Json::String(other.to_string()),
        }
    }
    for (path, text) in files() {
        let reading = read(&text);
        let Some(root) = reading.root.filter(|root| reading.problems.is_empty() && conforms(root)) else { continue };
        assert!(takes(&as_text(resolved(&root))), "{}", path.display());
    }
}

#[test]
fn each_kind_of_form_refuses_what_is_not_of_it() {
    let scheme = |part: &str| {
        let head = "kaohe: 1\nscheme: a\ninputs: { k: { type: text, key: true } }\n";
        let reading = read(&format!("{head}{part}"));
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        takes(&resolved(&reading.root.unwrap()))
    };
    assert!(scheme(""));
    for (good, bad) in [
        ("edition: 2026", "edition: [2026]"),
        ("computed: { a: 1 }", "computed: { a: [1] }"),
        ("computed: { a: { formula: 1, round: none } }", "computed: { a: { formula: 1, round: nil } }"),
        ("computed: { a: { formula: 1, round: 12 } }", "computed: { a: { formula: 1, round: 13 } }"),
        ("computed: { a: { formula: 1 } }", "computed: { a: { formula: 1, bands: { of: 1, up_to: [[1, 2]] } } }"),
        ("computed: { a: { formula: 1 } }", "computed: { a: { round: 1 } }"),
        ("computed: { a: 1 }", "computed: {}"),
        ("rounding: { mode: half_even }", "rounding: { mode: half }"),
        ("period: { start: 2026-07-01, end: 2026-09-30 }", "period: { start: 2026-7-1, end: 2026-09-30 }"),
        ("period: { start: 2026-07-01, end: 2026-09-30 }", "period: { start: 2026-07-01 }"),
        ("grades: { a: { ladder: [A] } }", "grades: { a: { ladder: [] } }"),
        (
            "grades: { a: { ladder: [A], thresholds: { of: 1, at_least: [[1, A]] } } }",
            "grades: { a: { ladder: [A], thresholds: { of: 1, at_least: [[1, A, 2]] } } }",
        ),
        ("scores: { a: { weight: 1, items: { b: {} } } }", "scores: { a: { weight: 1, points: 1 } }"),
        (
            "scores: { a: { items: { b: { items: { c: {} } } } } }",
            "scores: { a: { items: { b: { items: { c: 1 } } } } }",
        ),
        (
            "parameters: { a: { by: [k], values: { x: { y: 1 } } } }",
            "parameters: { a: { by: [k], values: { x: [1] } } }",
        ),
        ("grades: { a: { ladder: [A], order: [b desc] } }", "grades: { a: { ladder: [A], order: [b] } }"),
        ("grades: { a: { ladder: [A], order: [「b c」 ASC] } }", "grades: { a: { ladder: [A], order: [b c asc] } }"),
        (
            "grades: { a: { ladder: [A], quota: { at_most: { A: 20% } } } }",
            "grades: { a: { ladder: [A], quota: { of: graded } } }",
        ),
        ("cases: [{ row: { a: 1 }, expect: { b: 2 } }]", "cases: [{ row: { a: [1] }, expect: { b: 2 } }]"),
        (
            "cases: [{ rows: [{ a: 1 }], expect: { k: { b: 2 } } }]",
            "cases: [{ rows: [{ a: 1 }], expect: { k: { b: { c: 2 } } } }]",
        ),
        (
            "cases: [{ rows: { columns: [a], values: [[1]] }, expect: { k: { b: 2 } } }]",
            "cases: [{ rows: { columns: [a], value: [[1]] }, expect: { k: { b: 2 } } }]",
        ),
        (
            "cases: [{ row: { a: 1 }, details: { t: [{ b: 2 }] }, expect: { b: 2 } }]",
            "cases: [{ row: { a: 1 }, details: { t: { b: 2 } }, expect: { b: 2 } }]",
        ),
    ] {
        assert!(scheme(good), "{good}");
        assert!(!scheme(bad), "{bad}");
    }
}
