//! A scheme's inputs, detail tables, values of the run and columns as plain data.

use kaohe::Scheme;
use kaohe::plan::{Input, MissingPolicy, Role};
use kaohe::value::{Kind, Value};
use serde_json::{Map, Value as Json, json};

/// What a row must bring, as JSON.
pub(crate) fn inputs(scheme: &Scheme) -> Json {
    described(scheme.inputs())
}

/// The values of the run, as JSON.
pub(crate) fn given(scheme: &Scheme) -> Json {
    described(&scheme.plan().given)
}

/// The detail tables, as JSON.
pub(crate) fn details(scheme: &Scheme) -> Json {
    let plan = scheme.plan();
    let each = plan.details.iter().map(|detail| {
        let key = &*plan.column(detail.key).name;
        let aliases: Vec<&str> =
            detail.key_headers.iter().map(|header| &**header).filter(|name| *name != key).collect();
        let unique = detail.unique.iter().filter_map(|id| detail.inputs.get(id.index()));
        json!({
            "name": &*detail.name,
            "kind": detail.kind.word(),
            "key": key,
            "headers": aliases,
            "unique": unique.map(|input| &*input.name).collect::<Vec<_>>(),
            "columns": described(&detail.inputs),
        })
    });
    each.collect()
}

fn described(inputs: &[Input]) -> Json {
    let each = inputs.iter().map(|input| {
        let mut out = kind(&input.name, &input.kind);
        out.insert("key".to_owned(), json!(input.key));
        let aliases = input.headers.iter().filter(|header| **header != input.name);
        out.insert("headers".to_owned(), json!(aliases.map(|header| &**header).collect::<Vec<_>>()));
        out.insert("unit".to_owned(), json!(input.unit.as_deref()));
        out.insert("places".to_owned(), json!((input.kind == Kind::Number).then(|| input.most_places())));
        let (required, default) = match &input.missing {
            MissingPolicy::Error => (true, None),
            MissingPolicy::Allow => (false, None),
            MissingPolicy::Default(value) => (false, Some(value)),
        };
        out.insert("required".to_owned(), json!(required));
        out.insert("default".to_owned(), default.map_or(Json::Null, |value| told(value, &input.kind)));
        Json::Object(out)
    });
    each.collect()
}

/// What people are shown, as JSON.
pub(crate) fn columns(scheme: &Scheme) -> Json {
    let plan = scheme.plan();
    let each = plan.shown.iter().map(|id| {
        let column = plan.column(*id);
        let mut out = kind(&column.name, &plan.node(column.body).facts.kind);
        let role = match column.role {
            Role::Input(_) => "input",
            Role::Computed => "computed",
            Role::Item(_) => "item",
            Role::Composite(_) => "total",
            Role::Adjustment => "adjustment",
            Role::Grade => "grade",
            Role::Pay => "pay",
            Role::Operand => "operand",
        };
        out.insert("role".to_owned(), json!(role));
        out.insert("places".to_owned(), json!(column.places));
        out.insert("source".to_owned(), json!(column.source.as_deref()));
        Json::Object(out)
    });
    each.collect()
}

/// The name and the kind, in the words a scheme declares an input with.
fn kind(name: &str, kind: &Kind) -> Map<String, Json> {
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(name));
    out.insert("type".to_owned(), json!(kind.word()));
    if let Kind::Choice(list) = kind {
        out.insert("values".to_owned(), json!(list.words.iter().map(|word| &**word).collect::<Vec<_>>()));
    }
    out
}

/// A default as it would come in a row.
fn told(value: &Value, kind: &Kind) -> Json {
    match (value, kind) {
        (Value::Number(number), _) => json!(number.to_string()),
        (Value::Truth(truth), _) => json!(truth),
        (Value::Text(text), _) => json!(&**text),
        (Value::Date(date), _) => json!(date.to_string()),
        (Value::Choice(at), Kind::Choice(list)) => json!(list.word(*at).map(|word| &**word)),
        _ => Json::Null,
    }
}
