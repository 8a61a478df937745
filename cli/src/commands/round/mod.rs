//! `kaohe round`: an appraisal by raters, kept in a log.

mod log;
mod members;
mod tell;

use kaohe::code::Code;
use kaohe::ratings::{Event, HostTime, RatingRound, SheetView, Sheets, Stamp};
use kaohe::{DataError, Scheme};
use kaohe_grammar::say;

use self::log::{LogFile, Purpose};
use super::{CLEAN, Failure, read_scheme};
use crate::arguments::{Done, Export, Marking, OwnSheet, Reopen, Round, RoundCommand, RoundOf, Status, Turn};
use crate::language::Language;
use crate::output::FileKind;

pub(super) fn run(round: &Round, language: Language) -> Result<u8, Failure> {
    match &round.command {
        RoundCommand::Open(turn) => open(turn, language),
        RoundCommand::Status(status) => tell_status(status, language),
        RoundCommand::Mark(marking) => mark(marking, language),
        RoundCommand::Submit(sheet) => submit(sheet, language),
        RoundCommand::Withdraw(sheet) => withdraw(sheet, language),
        RoundCommand::Reopen(reopen) => give_back(reopen, language),
        RoundCommand::Close(turn) => close(turn, language),
        RoundCommand::Export(export) => write_out(export, language),
    }
}

/// The sheets of the round, with the scheme they come from; what is doubtful about them goes to standard error.
fn sheets(of: &RoundOf, language: Language) -> Result<(Scheme, Sheets), Failure> {
    let scheme = read_scheme(&of.scheme, None, language)?;
    let rating = scheme.rating_meant(of.rating.as_deref()).map_err(|error| Failure::from(error).usage())?;
    let members = members::members(&scheme, of, language)?;
    let sheets = Sheets::new(rating, &members)?;
    Ok((scheme, sheets))
}

fn stamp(done: &Done) -> Result<Stamp, Failure> {
    let now;
    let text = match &done.at {
        Some(text) => text.trim(),
        None => {
            now = jiff::ZonedDateTime::now().datetime().to_string();
            &now
        }
    };
    let time = HostTime::parse(text).map_err(|error| Failure::from(error).usage())?;
    Ok(Stamp { time, device: done.device.as_str().into() })
}

/// Does something to the round of a log, and keeps it.
fn change(
    of: &RoundOf,
    purpose: Purpose,
    language: Language,
    act: impl FnOnce(&mut RatingRound) -> Result<Vec<Event>, DataError>,
) -> Result<(RatingRound, Vec<Event>), Failure> {
    let (_, sheets) = sheets(of, language)?;
    let mut file = LogFile::open(&of.log, purpose)?;
    let mut reading = file.read(sheets, language)?;
    let events = act(&mut reading.round)?;
    file.append(&reading, &events)?;
    Ok((reading.round, events))
}

fn open(turn: &Turn, language: Language) -> Result<u8, Failure> {
    let stamp = stamp(&turn.done)?;
    let act = |round: &mut RatingRound| Ok(round.open(&turn.by, &stamp)?.into_iter().collect());
    let (round, events) = change(&turn.of, Purpose::Opening, language, act)?;
    tell::notes(&round, language);
    tell::opened(&round, !events.is_empty(), language);
    Ok(CLEAN)
}

fn close(turn: &Turn, language: Language) -> Result<u8, Failure> {
    let stamp = stamp(&turn.done)?;
    let act = |round: &mut RatingRound| Ok(round.close(&turn.by, &stamp)?.into_iter().collect());
    let (round, events) = change(&turn.of, Purpose::Writing, language, act)?;
    tell::closed(&round, !events.is_empty(), language);
    Ok(CLEAN)
}

/// The sheet that is meant.
fn meant<'r>(round: &'r RatingRound, own: &OwnSheet) -> Result<SheetView<'r>, DataError> {
    match (&own.which.sheet, &own.which.ratee) {
        // an id of somebody else's sheet is a mistake, even of whoever may give it back
        (Some(id), _) => {
            let view = round.sheet(id.trim())?;
            let (rater, id) = (own.rater.trim(), &view.sheet().id);
            if *view.sheet().rater != *rater {
                return Err(DataError {
                    code: Code::NotTheRater,
                    message: say!("the sheet `{id}` is not one of `{rater}`", "考评表 `{id}` 不属于 `{rater}`"),
                    help: None,
                    offenders: vec![rater.to_owned()],
                });
            }
            Ok(view)
        }
        (None, ratee) => round.sheet_of(&own.rater, ratee.as_deref().unwrap_or(""), own.which.role.as_deref()),
    }
}

/// Does something to one sheet, and tells what it has come to.
fn change_sheet(
    own: &OwnSheet,
    language: Language,
    act: impl FnOnce(&mut RatingRound, &str, &Stamp) -> Result<Vec<Event>, DataError>,
) -> Result<u8, Failure> {
    let stamp = stamp(&own.done)?;
    let mut id = String::new();
    let (round, events) = change(&own.of, Purpose::Writing, language, |round| {
        id = meant(round, own)?.sheet().id.to_string();
        act(round, &id, &stamp)
    })?;
    tell::sheet(round.sheet(&id)?, !events.is_empty(), language);
    Ok(CLEAN)
}

fn mark(marking: &Marking, language: Language) -> Result<u8, Failure> {
    let rater = &marking.sheet.rater;
    change_sheet(&marking.sheet, language, |round, id, stamp| {
        let mut events = Vec::new();
        for each in &marking.marks {
            events.extend(match each.value.trim() {
                "" => round.clear(rater, id, &each.name, stamp)?,
                mark => round.mark(rater, id, &each.name, mark, stamp)?,
            });
        }
        Ok(events)
    })
}

fn submit(own: &OwnSheet, language: Language) -> Result<u8, Failure> {
    change_sheet(own, language, |round, id, stamp| Ok(round.submit(&own.rater, id, stamp)?.into_iter().collect()))
}

fn withdraw(own: &OwnSheet, language: Language) -> Result<u8, Failure> {
    change_sheet(own, language, |round, id, stamp| Ok(round.withdraw(&own.rater, id, stamp)?.into_iter().collect()))
}

fn give_back(reopen: &Reopen, language: Language) -> Result<u8, Failure> {
    let Reopen { sheet, by, reason } = reopen;
    change_sheet(sheet, language, |round, id, stamp| Ok(round.reopen(id, by, reason, stamp)?.into_iter().collect()))
}

/// The round of a log, only looked at.
fn read(of: &RoundOf, language: Language) -> Result<(Scheme, RatingRound), Failure> {
    let (scheme, sheets) = sheets(of, language)?;
    let reading = LogFile::open(&of.log, Purpose::Reading)?.read(sheets, language)?;
    Ok((scheme, reading.round))
}

fn tell_status(status: &Status, language: Language) -> Result<u8, Failure> {
    let (_, round) = read(&status.of, language)?;
    match &status.rater {
        Some(rater) => {
            tell::tasks(&round, rater, language)?;
            Ok(CLEAN)
        }
        None => {
            tell::notes(&round, language);
            tell::status(&round, language);
            Ok(tell::refused(&round, language))
        }
    }
}

fn write_out(export: &Export, language: Language) -> Result<u8, Failure> {
    if let Some(path) = &export.out {
        FileKind::of_path(path).map_err(|problem| Failure::from(problem).usage())?;
    }
    let (scheme, round) = read(&export.of, language)?;
    tell::exported(&scheme, &round, export.out.as_deref(), language)?;
    Ok(tell::refused(&round, language))
}
