//! What is said about a round.

use std::path::Path;

use kaohe::ratings::{RatingRound, SheetView, Status};
use kaohe::{DataError, Scheme};
use kaohe_grammar::say;

use crate::commands::{CLEAN, ERRORS, Failure};
use crate::language::Language;
use crate::output::terminal::{View, render};
use crate::output::{Kind, NamedTable, OutputCell, OutputColumn, OutputTable, csv, save};

/// How many events that do not hold are told.
const TOLD: usize = 50;

/// What is doubtful about the sheets, on standard error.
pub(super) fn notes(round: &RatingRound, language: Language) {
    for note in round.sheets().notes() {
        eprintln!("{} [{}]", language.of(&note.message), note.code.id());
    }
}

pub(super) fn opened(round: &RatingRound, is_new: bool, language: Language) {
    let (name, sheets) = (round.rating().name(), round.sheets().sheets().len());
    let raters = round.sheets().raters().count();
    put_line!(
        "{}",
        language.of(&if is_new {
            say!(
                "opened: {name}, {sheets} sheets for {raters} raters",
                "已开放：{name}，{raters} 名考评人共 {sheets} 张考评表"
            )
        } else {
            say!("{name} is open already", "{name} 已经开放")
        })
    );
}

pub(super) fn closed(round: &RatingRound, is_new: bool, language: Language) {
    let name = round.rating().name();
    let done = round.all().filter(|view| view.status() == Status::Submitted).count();
    let sheets = round.sheets().sheets().len();
    put_line!(
        "{}",
        language.of(&if is_new {
            say!(
                "closed: {name}, {done} of {sheets} sheets submitted",
                "已关闭：{name}，{sheets} 张考评表中已提交 {done} 张"
            )
        } else {
            say!("{name} is not open", "{name} 没有开放")
        })
    );
}

/// What a sheet has come to.
pub(super) fn sheet(view: SheetView<'_>, is_changed: bool, language: Language) {
    if !is_changed {
        put_line!("{}", language.of(&say!("nothing changed", "没有变化")));
    }
    put_line!("{}", line(view, language));
}

/// A sheet in one line: who rates whom, how far it is, what is outstanding.
fn line(view: SheetView<'_>, language: Language) -> String {
    let sheet = view.sheet();
    let (rater, ratee, role, id) = (&sheet.rater, &sheet.ratee, &sheet.role, &sheet.id);
    let all = view.marks().len();
    let outstanding = view.outstanding();
    let marked = all - outstanding.len();
    let state = match (view.submitted(), outstanding.is_empty()) {
        (Some(time), _) => say!("submitted at {time}", "{time} 已提交"),
        (None, true) => say!("all {all} items marked, not submitted", "{all} 项全部已评，尚未提交"),
        (None, false) => say!(
            "{marked} of {all} items marked, outstanding: {}",
            "{all} 项已评 {marked} 项，尚缺：{}",
            outstanding.join(language.of(&say!(", ", "、")))
        ),
    };
    let line = say!("{id}  {rater} → {ratee} ({role}): ", "{id}  {rater} → {ratee}（{role}）：");
    format!("{}{}", language.of(&line), language.of(&state))
}

/// What a rater still has to do.
pub(super) fn tasks(round: &RatingRound, rater: &str, language: Language) -> Result<(), DataError> {
    let all = round.sheets_of(rater)?.len();
    let tasks = round.tasks(rater)?;
    let done = all - tasks.len();
    let head = say!("{rater}: {done} of {all} sheets submitted", "{rater}：{all} 张考评表已提交 {done} 张");
    put_line!("{}", language.of(&head));
    let mut asked = None;
    for task in tasks {
        // told once for all sheets that ask the same
        if asked.as_ref() != Some(&task.sheet().items) {
            form(task, language);
            asked = Some(task.sheet().items.clone());
        }
        put_line!("{}", line(task, language));
        if let Some(last) = task.sheet().end {
            put_line!("{}", language.of(&say!("    until {last}", "    截止 {last}")));
        }
        for each in task.reopened() {
            let (by, reason) = (&each.by, &each.reason);
            put_line!("{}", language.of(&say!("    given back by {by}: {reason}", "    {by} 退回：{reason}")));
        }
    }
    Ok(())
}

/// What a sheet asks: its items with what is looked at and what a mark means for each, and the marks there are.
fn form(view: SheetView<'_>, language: Language) {
    put_line!("{}", language.of(&view.scale().told()));
    for item in view.items() {
        let (name, standard) = (&item.name, item.standard.as_deref());
        match standard {
            Some(standard) => put_line!("{}", language.of(&say!("{name}: {standard}", "{name}：{standard}"))),
            None => put_line!("{name}"),
        }
        for (mark, text) in &item.anchors {
            put_line!("{}", language.of(&say!("    {mark}: {text}", "    {mark}：{text}")));
        }
    }
}

/// How far the round is.
pub(super) fn status(round: &RatingRound, language: Language) {
    let name = round.rating().name();
    let head = if round.is_open() {
        say!("{name}: open", "{name}：开放中")
    } else {
        say!("{name}: not open", "{name}：未开放")
    };
    put_line!("{}", language.of(&head));
    let word = |message| language.of(&message).to_owned();
    let text = |name| OutputColumn::new(name, Kind::Text);
    let number = |name| OutputColumn::new(name, Kind::Number { places: Some(0) });
    let columns = vec![
        text(word(say!("role", "角色"))),
        text(word(say!("group", "组"))),
        number(word(say!("sheets", "考评表"))),
        number(word(say!("untouched", "未开始"))),
        number(word(say!("started", "进行中"))),
        number(word(say!("submitted", "已提交"))),
    ];
    let count = |count: usize| OutputCell::Number(count.to_string());
    let rows = round.progress().into_iter().map(|each| {
        vec![
            OutputCell::Text(each.role.to_string()),
            each.group.map_or(OutputCell::Empty, |group| OutputCell::Text(group.to_string())),
            count(each.sheets),
            count(each.untouched),
            count(each.started),
            count(each.submitted),
        ]
    });
    put!("{}", render(&OutputTable { columns, rows: rows.collect() }, View::of_stdout(language)));
}

/// Tells events that do not hold on standard error; the exit code they come to.
pub(super) fn refused(round: &RatingRound, language: Language) -> u8 {
    let refused = round.refused();
    for each in refused.iter().take(TOLD) {
        let (event, why) = (&each.event, &each.why);
        let (id, kind, time) = (event.id(), event.kind(), event.stamp().time);
        let (code, en, zh) = (why.code.id(), &why.message.en, &why.message.zh);
        let message = say!("does not hold: {kind} {id} of {time}: {en}", "无效：{time} 的 {kind} {id}：{zh}");
        eprintln!("{} [{code}]", language.of(&message));
    }
    if refused.len() > TOLD {
        let more = refused.len() - TOLD;
        eprintln!("{}", language.of(&say!("… and {more} more", "……另有 {more} 条")));
    }
    if refused.is_empty() { CLEAN } else { ERRORS }
}

/// Writes the submitted sheets: who is rated under the name of the scheme's key, role, rater, and a mark for each item.
pub(super) fn exported(
    scheme: &Scheme,
    round: &RatingRound,
    out: Option<&Path>,
    language: Language,
) -> Result<(), Failure> {
    let key = scheme.key().map_or("工号", |key| &key.name);
    let items = round.rating().items().iter().map(|item| &*item.name);
    let columns = [key, "角色", "考评人"].into_iter().chain(items).map(|name| OutputColumn::new(name, Kind::Text));
    let submitted = round.submitted();
    let text = |text: &str| OutputCell::Text(text.to_owned());
    let rows = submitted.iter().map(|sheet| {
        let who = [&sheet.ratee, &sheet.role, &sheet.rater].map(|name| text(name));
        let marks = sheet.marks.iter().map(|mark| mark.as_deref().map_or(OutputCell::Empty, text));
        who.into_iter().chain(marks).collect()
    });
    let name = round.rating().name().to_owned();
    let table = OutputTable { columns: columns.collect(), rows: rows.collect() };
    let Some(path) = out else {
        let mut bytes = Vec::new();
        // a vector takes whatever it is given
        if csv::write(&table, &mut bytes).is_ok() {
            put!("{}", String::from_utf8_lossy(&bytes));
        }
        return Ok(());
    };
    save(path, &NamedTable { name, table })?;
    let (count, file) = (submitted.len(), path.display());
    put_line!(
        "{}",
        language.of(&say!("{count} submitted sheets written to {file}", "已提交的 {count} 张考评表写入 {file}"))
    );
    Ok(())
}
