//! One event as one line of JSON, and back. What the line says more than that is an error, never dropped.

use std::sync::Arc;

use kaohe_grammar::{Message, say};
use serde_json::{Map, Value as Json};

use crate::diagnostic::beginning;
use crate::limits::NAME_BYTES;
use crate::ratings::event::LAST_REVISION;
use crate::ratings::{Act, Change, Event, HostTime, Stamp};

/// The version of the lines; every line says it, so that logs can be put together and cut apart anywhere.
const VERSION: u64 = 1;

/// The event as a line, without its end.
pub(super) fn write(event: &Event) -> String {
    let mut out = Map::new();
    let mut put = |key: &str, value: Json| {
        out.insert(key.to_owned(), value);
    };
    let text = |text: &str| Json::from(text);
    put("kaohe", VERSION.into());
    put("id", text(event.id()));
    put("event", text(event.kind()));
    put("time", text(&event.stamp().time.to_string()));
    put("device", text(&event.stamp().device));
    match event.act() {
        Act::Open { by, plan, turn } => {
            put("by", text(by));
            put("plan", text(plan));
            if *turn > 0 {
                put("turn", (*turn).into());
            }
        }
        Act::Close { by, turn } => {
            put("by", text(by));
            if *turn > 0 {
                put("turn", (*turn).into());
            }
        }
        Act::Sheet { rater, revision, sheet, what } => {
            put("rater", text(rater));
            put("revision", (*revision).into());
            put("sheet", text(sheet));
            match what {
                Change::Mark { item, mark } => {
                    put("item", text(item));
                    put("mark", text(mark));
                }
                Change::Clear { item } => put("item", text(item)),
                Change::Submit { marks } => put("marks", text(marks)),
                Change::Withdraw => {}
                Change::Reopen { by, reason } => {
                    put("by", text(by));
                    put("reason", text(reason));
                }
            }
        }
    }
    Json::Object(out).to_string()
}

/// The event of a line; otherwise what is wrong with it.
pub(super) fn read(line: &[u8]) -> Result<Event, Message> {
    let json: Json = serde_json::from_slice(line).map_err(|_| say!("it is no JSON", "不是 JSON"))?;
    let Json::Object(fields) = json else { return Err(say!("it is no JSON object", "不是 JSON 对象")) };
    let mut fields = Fields { fields };
    match fields.take("kaohe")?.as_u64() {
        Some(VERSION) => {}
        _ => return Err(say!("it was written by another version", "由其他版本写入")),
    }
    let id = fields.text("id")?;
    let kind = fields.text("event")?;
    let time = fields.text("time")?;
    let time = HostTime::parse(&time).map_err(|error| error.message)?;
    let stamp = Stamp { time, device: fields.text("device")? };
    let act = match &*kind {
        "open" => Act::Open { by: fields.text("by")?, plan: fields.text("plan")?, turn: fields.turn()? },
        "close" => Act::Close { by: fields.text("by")?, turn: fields.turn()? },
        "mark" | "clear" | "submit" | "withdraw" | "reopen" => Act::Sheet {
            rater: fields.text("rater")?,
            revision: fields.number("revision")?,
            sheet: fields.text("sheet")?,
            what: match &*kind {
                "mark" => Change::Mark { item: fields.text("item")?, mark: fields.text("mark")? },
                "clear" => Change::Clear { item: fields.text("item")? },
                "submit" => Change::Submit { marks: fields.text("marks")? },
                "withdraw" => Change::Withdraw,
                _ => Change::Reopen { by: fields.text("by")?, reason: fields.text("reason")? },
            },
        },
        _ => return Err(say!("there is no event `{kind}`", "没有 `{kind}` 这种事件")),
    };
    fields.nothing_more()?;
    let event = Event::new(stamp, act);
    if *event.id() != id {
        return Err(say!("it is not as it was written: its id does not fit", "内容与编号不符，可能被改动"));
    }
    Ok(event)
}

/// The fields of a line that were not read yet.
struct Fields {
    fields: Map<String, Json>,
}

impl Fields {
    fn take(&mut self, key: &str) -> Result<Json, Message> {
        self.fields.remove(key).ok_or_else(|| say!("it has no `{key}`", "缺少 `{key}`"))
    }

    fn text(&mut self, key: &str) -> Result<Arc<str>, Message> {
        match self.take(key)? {
            Json::String(text) if text.len() <= NAME_BYTES => Ok(text.into()),
            Json::String(_) => Err(say!("its `{key}` is too long", "`{key}` 过长")),
            _ => Err(say!("its `{key}` is no text", "`{key}` 不是文本")),
        }
    }

    fn number(&mut self, key: &str) -> Result<u64, Message> {
        let number = self.take(key)?.as_u64().filter(|number| (1..=LAST_REVISION).contains(number));
        number.ok_or_else(|| say!("its `{key}` is no whole number from 1", "`{key}` 不是从 1 起的整数"))
    }

    /// The first turn goes without saying.
    fn turn(&mut self) -> Result<u64, Message> {
        if self.fields.contains_key("turn") { self.number("turn") } else { Ok(0) }
    }

    fn nothing_more(&self) -> Result<(), Message> {
        match self.fields.keys().next() {
            None => Ok(()),
            Some(key) => {
                let key = beginning(key);
                Err(say!("this version does not know its `{key}`", "本版本不认识其中的 `{key}`"))
            }
        }
    }
}
