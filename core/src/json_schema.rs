//! The JSON Schema of the scheme document, written from the form table: editors complete and check schemes by it.
//!
//! It knows the form and no more: names, units, totals and formulas are for [`Scheme::check`](crate::Scheme::check).
//! A text, a formula and the like may stand as a number or as `true`, for that is what YAML and JSON make of `70`.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::document::format::SCHEME;
use crate::document::order::PATTERN;
use crate::document::shape::{Forms, Key, MapShape, Shape};
use crate::document::tree::MAX_KEY_CHARACTERS;

/// The JSON Schema (draft 2020-12) of a scheme, as indented text.
///
/// # Example
///
/// ```
/// let schema = kaohe::json_schema::json_schema();
/// assert!(schema.contains("https://json-schema.org/draft/2020-12/schema"));
/// assert!(schema.contains(r#""日均存款""#) == false, "it knows the format, no scheme's own names");
/// ```
#[must_use]
pub fn json_schema() -> String {
    let mut text = format!("{:#}", value());
    text.push('\n');
    text
}

/// The JSON Schema as a value.
pub(crate) fn value() -> Json {
    let mut schema = Schema::default();
    let root = schema.map(&SCHEME);
    let mut out = Map::new();
    out.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    out.insert("title".to_owned(), json!("kaohe scheme"));
    out.insert("description".to_owned(), json!("A scheme of the scoring library kaohe, language version 1."));
    if let Json::Object(root) = root {
        out.extend(root);
    }
    schema.definitions.sort_by(|(a, _), (b, _)| a.cmp(b));
    out.insert("$defs".to_owned(), Json::Object(schema.definitions.into_iter().collect()));
    Json::Object(out)
}

/// The schema while it is being written.
#[derive(Default)]
struct Schema {
    /// Parts that are referred to by name.
    definitions: Vec<(String, Json)>,
    /// The name of each part that was met, by where it stands in memory: the table is static, and may contain itself.
    known: Vec<(usize, String)>,
    names: BTreeSet<String>,
}

impl Schema {
    fn shape(&mut self, shape: &Shape, key: &str) -> Json {
        match shape {
            Shape::Text | Shape::Name => json!({ "type": ["string", "number", "boolean"] }),
            Shape::Formula => json!({ "$ref": self.named(FORMULA, "formula", |_| json!({
                "description": "a formula; a constant is one, too",
                "type": ["string", "number", "boolean"],
            })) }),
            Shape::Word(words) => json!({ "enum": words }),
            Shape::Whole(least, most) => json!({
                "type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": "^[+-]?[0-9]+$",
            }),
            Shape::Places => json!({
                "type": ["integer", "string"], "minimum": 0, "maximum": 12,
                "pattern": "^(none|\\+?0*([0-9]|1[0-2]))$",
            }),
            Shape::Day => json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
            Shape::Truth => json!({ "enum": [true, false, "true", "false", "是", "否"] }),
            Shape::Order => json!({ "type": "string", "pattern": PATTERN }),
            Shape::Facts => self.shape(&Shape::Names(&Shape::Text), key),
            Shape::Sheet => json!({
                "type": "object",
                "propertyNames": { "maxLength": MAX_KEY_CHARACTERS },
                "patternProperties": { "^.+$": self.shape(&Shape::Text, key) },
                "additionalProperties": false,
            }),
            Shape::List(each) => json!({ "type": "array", "items": self.shape(each, key), "minItems": 1 }),
            Shape::Tuple(shapes) => json!({
                "type": "array",
                "prefixItems": shapes.iter().map(|shape| self.shape(shape, key)).collect::<Vec<_>>(),
                "minItems": shapes.len(),
                "maxItems": shapes.len(),
            }),
            Shape::Map(map) => {
                let name = map.what.0.trim_start_matches("an ").trim_start_matches("a ").replace(' ', "_");
                json!({ "$ref": self.named(std::ptr::from_ref(*map).addr(), &name, |this| this.map(map)) })
            }
            Shape::Names(each) => json!({
                "type": "object",
                "propertyNames": { "maxLength": MAX_KEY_CHARACTERS },
                "patternProperties": { "^.+$": self.shape(each, key) },
                "additionalProperties": false,
                "minProperties": 1,
            }),
            Shape::Forms(forms) => {
                let name = format!("{key}_entry");
                json!({ "$ref": self.named(std::ptr::from_ref(*forms).addr(), &name, |this| this.forms(forms, key)) })
            }
        }
    }

    /// The reference to a part, which is written when it is first met.
    fn named(&mut self, address: usize, name: &str, write: impl FnOnce(&mut Self) -> Json) -> String {
        let known = self.known.iter().find(|(known, _)| *known == address);
        if let Some((_, name)) = known {
            return format!("#/$defs/{name}");
        }
        let mut unused = name.to_owned();
        let mut number = 1;
        while !self.names.insert(unused.clone()) {
            number += 1;
            unused = format!("{name}_{number}");
        }
        self.known.push((address, unused.clone()));
        let written = write(self);
        let reference = format!("#/$defs/{unused}");
        self.definitions.push((unused, written));
        reference
    }

    fn forms(&mut self, forms: &Forms, key: &str) -> Json {
        let each: Vec<Json> =
            [&forms.scalar, &forms.list, &forms.map].into_iter().flatten().map(|form| self.shape(form, key)).collect();
        match <[Json; 1]>::try_from(each) {
            Ok([only]) => only,
            Err(each) => json!({ "oneOf": each }),
        }
    }

    fn map(&mut self, map: &'static MapShape) -> Json {
        let mut out = Map::new();
        out.insert("type".to_owned(), json!("object"));
        let properties: Map<String, Json> = map.keys().map(|key| (key.name.to_owned(), self.key(key))).collect();
        out.insert("properties".to_owned(), Json::Object(properties));
        let required: Vec<&str> = map.keys().filter(|key| key.required).map(|key| key.name).collect();
        if !required.is_empty() {
            out.insert("required".to_owned(), json!(required));
        }
        out.insert("additionalProperties".to_owned(), json!(false));
        let choices: Vec<Json> = map.one_of.iter().map(|(names, required)| one_of(names, *required)).collect();
        if !choices.is_empty() {
            out.insert("allOf".to_owned(), Json::Array(choices));
        }
        Json::Object(out)
    }

    fn key(&mut self, key: &Key) -> Json {
        let mut out = match self.shape(&key.shape, key.name) {
            Json::Object(out) => out,
            _ => Map::new(),
        };
        out.insert("description".to_owned(), json!(key.doc));
        if let Some(default) = key.default {
            out.insert("default".to_owned(), json!(default));
        }
        Json::Object(out)
    }
}

/// Stands for the formula among the addresses, of which none is 0.
const FORMULA: usize = 0;

/// Just one of these keys, or at most one.
fn one_of(names: &[&str], required: bool) -> Json {
    let mut each: Vec<Json> = names.iter().map(|name| json!({ "required": [name] })).collect();
    if !required {
        each.push(json!({ "not": { "anyOf": each.clone() } }));
    }
    json!({ "oneOf": each })
}

#[cfg(test)]
mod tests;
