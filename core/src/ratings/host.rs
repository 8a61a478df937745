//! Rounds in plain data, for hosts of other languages: requests and answers as JSON, worded once for all of them.

use kaohe_grammar::say;
use serde_json::{Map, Value as Json, json};

use crate::code::Code;
use crate::error::DataError;
use crate::ratings::problem::refuse;
use crate::ratings::{Act, Event, HostTime, Membership, RatingRound, Refused, Scale, SheetView, Sheets, Stamp};
use crate::run::Note;
use crate::scheme::Scheme;

impl RatingRound {
    /// A round of a scheme, with what was lost of its log.
    ///
    /// * `members`: a JSON list of lists: person, role, and group or null.
    /// * `rating`: the appraisal; it may be left out when the scheme has just one.
    /// * `log`: lines of JSON, in any order.
    ///
    /// # Errors
    ///
    /// As [`Membership::of`], [`Sheets::new`] and [`RatingRound::from_json_lines`]; [`DataError`] for an appraisal the
    /// scheme does not have, or members that are no such list.
    pub fn of_host(
        scheme: &Scheme,
        members: &str,
        rating: Option<&str>,
        log: &[u8],
    ) -> Result<(Self, Option<Note>), DataError> {
        let rating = scheme.rating_meant(rating)?;
        let rows = rows(members)?;
        let rows = rows.iter().map(|(person, role, group)| (person.as_str(), role.as_str(), group.as_deref()));
        let sheets = Sheets::new(rating, &Membership::of(rows)?)?;
        Ok(Self::from_json_lines(sheets, log)?.sound())
    }

    /// Does what a JSON object asks: `do`, one of `open`, `close`, `mark`, `clear`, `submit`, `withdraw`, `reopen`; `at`,
    /// `device`; and what that needs of `by`, `rater`, `sheet`, `item`, `mark`, `reason`. The event is given as its line,
    /// without its end; nothing when nothing changed.
    ///
    /// # Errors
    ///
    /// As the verb; [`DataError`] for a request that lacks something.
    pub fn act(&mut self, request: &str) -> Result<Option<String>, DataError> {
        let request = Request::read(request)?;
        let stamp = Stamp { time: HostTime::parse(request.text("at")?)?, device: request.text("device")?.into() };
        let event = match request.text("do")? {
            "open" => self.open(request.text("by")?, &stamp),
            "close" => self.close(request.text("by")?, &stamp),
            "reopen" => self.reopen(request.text("sheet")?, request.text("by")?, request.text("reason")?, &stamp),
            verb => {
                let (rater, sheet) = (request.text("rater")?, request.text("sheet")?);
                match verb {
                    "mark" => self.mark(rater, sheet, request.text("item")?, request.text("mark")?, &stamp),
                    "clear" => self.clear(rater, sheet, request.text("item")?, &stamp),
                    "submit" => self.submit(rater, sheet, &stamp),
                    "withdraw" => self.withdraw(rater, sheet, &stamp),
                    _ => Err(no_request(verb)),
                }
            }
        }?;
        Ok(event.map(|event| event.to_json_line().trim_end().to_owned()))
    }

    /// Answers as JSON what a JSON object asks: `ask`, one of `sheets` (of a `rater`, or all), `tasks` (of a `rater`),
    /// `sheet` (by `sheet`, its id, or by `rater`, `ratee` and `role`), `progress`, `submitted`, `refused`, `notes`.
    ///
    /// # Errors
    ///
    /// [`DataError`] for a rater or sheet that is not there, and for a request that lacks something.
    pub fn ask(&self, request: &str) -> Result<String, DataError> {
        let request = Request::read(request)?;
        let list = |views: Vec<SheetView<'_>>| Json::Array(views.into_iter().map(view_json).collect());
        let answer = match request.text("ask")? {
            "sheets" => list(match request.optional("rater")? {
                Some(rater) => self.sheets_of(rater)?,
                None => self.all().collect(),
            }),
            "tasks" => list(self.tasks(request.text("rater")?)?),
            "sheet" => view_json(match request.optional("sheet")? {
                Some(id) => self.sheet(id)?,
                None => self.sheet_of(request.text("rater")?, request.text("ratee")?, request.optional("role")?)?,
            }),
            "progress" => self.progress_json(),
            "submitted" => self.submitted_json(),
            "refused" => Json::Array(self.refused().iter().map(refused_json).collect()),
            "notes" => return Ok(crate::boundary::notes_json(self.sheets().notes())),
            other => return Err(no_request(other)),
        };
        Ok(answer.to_string())
    }

    fn progress_json(&self) -> Json {
        let each = |progress: crate::ratings::RoundProgress| {
            json!({
                "role": &*progress.role,
                "group": progress.group.as_deref(),
                "sheets": progress.sheets,
                "untouched": progress.untouched,
                "started": progress.started,
                "submitted": progress.submitted,
            })
        };
        Json::Array(self.progress().into_iter().map(each).collect())
    }

    fn submitted_json(&self) -> Json {
        let items = self.rating().items();
        let each = |sheet: crate::ratings::SubmittedSheet| {
            let marks: Map<String, Json> = items
                .iter()
                .zip(&sheet.marks)
                .map(|(item, mark)| (item.name.to_string(), mark.as_deref().into()))
                .collect();
            json!({ "ratee": &*sheet.ratee, "role": &*sheet.role, "rater": &*sheet.rater, "marks": marks })
        };
        Json::Array(self.submitted().into_iter().map(each).collect())
    }
}

fn view_json(view: SheetView<'_>) -> Json {
    let sheet = view.sheet();
    let marks: Map<String, Json> =
        view.marks().into_iter().map(|(item, mark)| (item.to_owned(), mark.into())).collect();
    let items: Vec<Json> = view
        .items()
        .map(|item| {
            let anchors: Map<String, Json> =
                item.anchors.iter().map(|(mark, text)| (mark.to_string(), (&**text).into())).collect();
            json!({ "name": &*item.name, "standard": item.standard.as_deref(), "anchors": anchors })
        })
        .collect();
    let reopened: Vec<Json> = view
        .reopened()
        .iter()
        .map(|each| json!({ "time": each.time.to_string(), "by": &*each.by, "reason": &*each.reason }))
        .collect();
    json!({
        "id": &*sheet.id,
        "role": &*sheet.role,
        "rater": &*sheet.rater,
        "ratee": &*sheet.ratee,
        "group": sheet.group.as_deref(),
        "entry": sheet.entry,
        "start": sheet.start.map(|day| day.to_string()),
        "end": sheet.end.map(|day| day.to_string()),
        "items": items,
        "scale": scale_json(view.scale()),
        "status": view.status().name(),
        "submitted": view.submitted().map(|time| time.to_string()),
        "marks": marks,
        "outstanding": view.outstanding(),
        "reopened": reopened,
    })
}

/// The marks there are: letters, stars, or numbers from the lowest to the highest.
fn scale_json(scale: &Scale) -> Json {
    match scale {
        Scale::Letters(letters) => json!({ "letters": letters.iter().map(|letter| &**letter).collect::<Vec<_>>() }),
        Scale::Stars(stars) => json!({ "stars": stars }),
        Scale::Marks { min, max, places } => json!({ "min": min, "max": max, "places": places }),
    }
}

fn refused_json(refused: &Refused) -> Json {
    let Refused { event, why } = refused;
    let (rater, sheet) = match event.act() {
        Act::Sheet { rater, sheet, .. } => (Some(&**rater), Some(&**sheet)),
        Act::Open { .. } | Act::Close { .. } => (None, None),
    };
    json!({
        "id": &**event.id(),
        "event": event.kind(),
        "time": event.stamp().time.to_string(),
        "rater": rater,
        "sheet": sheet,
        "code": why.code.id(),
        "message": why.message.en,
        "message_zh": why.message.zh,
        "line": event.to_json_line().trim_end(),
    })
}

/// Person, role, group.
type Row = (String, String, Option<String>);

fn rows(members: &str) -> Result<Vec<Row>, DataError> {
    let wrong = |at: usize| {
        refuse(
            Code::WrongType,
            &at.to_string(),
            say!("row {at} of the members is no person, role and group", "人员表第 {at} 行不是人员、角色和组"),
            Some(say!("give texts; the group may be left out", "请给出文本；组可以省略")),
        )
    };
    let Ok(Json::Array(rows)) = serde_json::from_str(members) else { return Err(wrong(0)) };
    let mut out = Vec::with_capacity(rows.len());
    for (at, row) in (1..).zip(&rows) {
        let cells = row.as_array().ok_or_else(|| wrong(at))?;
        let row = match cells.as_slice() {
            [Json::String(person), Json::String(role)] | [Json::String(person), Json::String(role), Json::Null] => {
                (person.clone(), role.clone(), None)
            }
            [Json::String(person), Json::String(role), Json::String(group)] => {
                (person.clone(), role.clone(), Some(group.clone()))
            }
            _ => return Err(wrong(at)),
        };
        out.push(row);
    }
    Ok(out)
}

/// What a host asks.
struct Request {
    fields: Map<String, Json>,
}

impl Request {
    fn read(text: &str) -> Result<Self, DataError> {
        match serde_json::from_str(text) {
            Ok(Json::Object(fields)) => Ok(Self { fields }),
            _ => Err(no_request("")),
        }
    }

    fn text(&self, key: &str) -> Result<&str, DataError> {
        self.optional(key)?.ok_or_else(|| no_text(key))
    }

    /// What may be left out. Something else than a text is not nothing: whoever asks for the sheets of the rater 7 must
    /// not be given those of all.
    fn optional(&self, key: &str) -> Result<Option<&str>, DataError> {
        match self.fields.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(_) => Err(no_text(key)),
        }
    }
}

fn no_text(key: &str) -> DataError {
    refuse(Code::WrongType, key, say!("`{key}` must be a text", "`{key}` 必须是文本"), None)
}

fn no_request(what: &str) -> DataError {
    refuse(Code::Internal, what, say!("`{what}` is no request", "`{what}` 不是可用的请求"), None)
}

/// A line of a log as an event, for [`RatingRound::insert`]; its end may be there or not.
///
/// # Errors
///
/// [`DataError`] when it is none.
pub fn event_of_line(line: &str) -> Result<Event, DataError> {
    Event::from_json_line(line.trim_end_matches(['\n', '\r']))
}
