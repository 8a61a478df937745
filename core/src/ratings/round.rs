//! A round of rating: a set of events, and what they have come to.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::diagnostic::beginning;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::limits::{EVENTS, NAME_BYTES};
use crate::ratings::event::LAST_REVISION;
use crate::ratings::problem::refuse;
use crate::ratings::state::{Meeting, State};
use crate::ratings::{Act, Change, Event, HostTime, Rating, Sheet, Sheets, Stamp};

/// A round of rating. What it has come to is a function of the *set* of its events: every order of arrival, and every
/// repetition, gives the same sheets.
///
/// A verb ([`mark`](Self::mark), [`submit`](Self::submit), …) is refused when the round as it is known here does not
/// allow it; otherwise it gives the event, which the host keeps. Events of other devices come in by
/// [`insert`](Self::insert), [`merge`](Self::merge) or [`from_json_lines`](Self::from_json_lines). Whether an event
/// holds is decided anew whenever one comes in, in the order of the rater's revision, the host's time, the device and
/// the id; one that does not is kept, and told with its reason by [`refused`](Self::refused).
///
/// # Example
///
/// ```
/// use kaohe::Scheme;
/// use kaohe::ratings::{HostTime, Membership, RatingRound, Sheets, Stamp};
///
/// let scheme = Scheme::parse("
/// kaohe: 1
/// scheme: 民主测评
/// inputs: { 工号: { type: text, key: true } }
/// ratings:
///   测评:
///     scale: { A: 100%, B: 80% }
///     items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
///     roles: { 上级: { weight: 100 } }
///     plan: [{ rated: 客户经理, raters: [上级] }]
/// ")?;
/// let members = Membership::of([("P1", "上级", None), ("M1", "客户经理", None), ("M2", "客户经理", None)])?;
/// let at = |time: &str| Ok::<_, kaohe::DataError>(Stamp { time: HostTime::parse(time)?, device: "pc".into() });
///
/// let mut round = RatingRound::new(Sheets::new(scheme.rating("测评").unwrap(), &members)?);
/// round.open("人事部", &at("2026-10-01T08:00:00")?)?;
/// let sheet = round.tasks("P1")?[0].sheet().id.clone();
/// round.mark("P1", &sheet, "服务", "A", &at("2026-10-01T09:00:00")?)?;
///
/// // She leaves half-way, comes back, and sees what is outstanding.
/// let (mut back, _) = RatingRound::from_json_lines(round.sheets().clone(), round.to_json_lines().as_bytes())?.sound();
/// assert_eq!(back.tasks("P1")?[0].outstanding(), ["协作"]);
/// assert!(back.submit("P1", &sheet, &at("2026-10-02T09:00:00")?).is_err());
/// back.mark("P1", &sheet, "协作", "B", &at("2026-10-02T09:01:00")?)?;
/// back.submit("P1", &sheet, &at("2026-10-02T09:02:00")?)?;
/// assert_eq!(back.submitted()[0].ratee.as_ref(), "M1");
/// assert_eq!(back.tasks("P1")?[0].sheet().ratee.as_ref(), "M2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RatingRound {
    sheets: Arc<Sheets>,
    /// For each sheet its events and what they came to.
    played: Vec<Played>,
    /// Openings and closings, by time; at one time by turns, and in each an opening comes before a closing.
    openings: Vec<Event>,
    /// Events of sheets that are not there, in order.
    strays: Vec<Event>,
    /// The highest revision of each rater on sheets of his own.
    revisions: HashMap<Arc<str>, u64>,
    /// How many events there are.
    count: usize,
}

/// The events of one sheet, in order, and what they came to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Played {
    events: Vec<Event>,
    state: State,
    /// Those that do not hold, by their positions.
    refused: Vec<(usize, DataError)>,
}

/// An event that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The event.
    pub event: Event,
    /// Why it does not hold.
    pub why: DataError,
}

impl RatingRound {
    /// A round in which nothing has happened.
    #[must_use]
    pub fn new(sheets: impl Into<Arc<Sheets>>) -> Self {
        let sheets = sheets.into();
        let untouched = |sheet| Played { events: Vec::new(), state: State::of(sheet), refused: Vec::new() };
        let played = sheets.sheets().iter().map(untouched).collect();
        Self { sheets, played, openings: Vec::new(), strays: Vec::new(), revisions: HashMap::new(), count: 0 }
    }

    /// The sheets of the round.
    #[must_use]
    pub fn sheets(&self) -> &Arc<Sheets> {
        &self.sheets
    }

    /// The appraisal.
    #[must_use]
    pub fn rating(&self) -> &Rating {
        self.sheets.rating()
    }

    pub(super) fn state(&self, at: usize) -> Option<(&Sheet, &State)> {
        Some((self.sheets.sheets().get(at)?, &self.played.get(at)?.state))
    }

    /// Whether marks are taken at that time, as far as opening and closing go: an opening counts from its own time on,
    /// and so does a closing.
    #[must_use]
    pub fn is_open_at(&self, time: HostTime) -> bool {
        self.last_turn(time).is_some_and(|event| matches!(event.act(), Act::Open { .. }))
    }

    /// The last opening or closing up to that time.
    fn last_turn(&self, time: HostTime) -> Option<&Event> {
        let before = self.openings.partition_point(|event| event.stamp().time <= time);
        self.openings.get(before.checked_sub(1)?)
    }

    /// Whether it was opened, and not closed since.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.openings.last().is_some_and(|event| matches!(event.act(), Act::Open { .. }))
    }

    /// Every event, those that do not hold too, in their order.
    #[must_use]
    pub fn events(&self) -> Vec<&Event> {
        let of_sheets = self.played.iter().flat_map(|played| &played.events);
        let mut all: Vec<&Event> = self.openings.iter().chain(&self.strays).chain(of_sheets).collect();
        all.sort_unstable();
        all
    }

    /// The events that do not hold, in their order, each with why.
    #[must_use]
    pub fn refused(&self) -> Vec<Refused> {
        let of_sheets = self.played.iter().flat_map(|played| {
            let refused = |(at, why): &(usize, DataError)| {
                Some(Refused { event: played.events.get(*at)?.clone(), why: why.clone() })
            };
            played.refused.iter().filter_map(refused)
        });
        let strays = self.strays.iter().filter_map(|event| match event.act() {
            Act::Sheet { sheet, .. } => Some(Refused { event: event.clone(), why: unknown_sheet(sheet) }),
            Act::Open { .. } | Act::Close { .. } => None,
        });
        let mut all: Vec<Refused> = of_sheets.chain(strays).collect();
        all.sort_by(|a, b| a.event.cmp(&b.event));
        all
    }

    /// Opens the round; nothing when it is open.
    ///
    /// # Errors
    ///
    /// [`DataError`] when nobody does it.
    pub fn open(&mut self, by: &str, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        let plan = self.rating().fingerprint().into();
        self.turn(by, stamp, true, |by, turn| Act::Open { by, plan, turn })
    }

    /// Closes the round: marks of a later time do not hold. Nothing when it is closed.
    ///
    /// # Errors
    ///
    /// [`DataError`] when nobody does it.
    pub fn close(&mut self, by: &str, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        self.turn(by, stamp, false, |by, turn| Act::Close { by, turn })
    }

    fn turn(
        &mut self,
        by: &str,
        stamp: &Stamp,
        open: bool,
        act: impl FnOnce(Arc<str>, u64) -> Act,
    ) -> Result<Option<Event>, DataError> {
        for text in [by, &stamp.device] {
            short(text)?;
        }
        if by.trim().is_empty() {
            return Err(refuse(
                Code::ReasonMissing,
                by,
                say!("somebody opens and closes a round", "必须写明由谁开放或关闭本轮测评"),
                None,
            ));
        }
        if self.is_open_at(stamp.time) == open {
            return Ok(None);
        }
        // What was closed at this very time is opened in another turn: in the same one the closing would stay the last.
        let at_this_time = self.last_turn(stamp.time).filter(|last| last.stamp().time == stamp.time);
        let turn = at_this_time.map_or(0, |last| last.turn().saturating_add(open.into()));
        if turn > LAST_REVISION {
            return Err(no_more_events(by));
        }
        let event = Event::new(stamp.clone(), act(by.trim().into(), turn));
        self.insert(event.clone())?;
        Ok(Some(event))
    }

    /// Marks an item; the mark it had is replaced. Nothing when it has this mark.
    ///
    /// # Errors
    ///
    /// [`DataError`] for a rater, a sheet or an item that is not there, another rater's sheet, a mark that is not on the
    /// scale, a sheet that is submitted, or a round that is not open on that day.
    pub fn mark(
        &mut self,
        rater: &str,
        sheet: &str,
        item: &str,
        mark: &str,
        stamp: &Stamp,
    ) -> Result<Option<Event>, DataError> {
        let (item, mark) = (item.into(), mark.into());
        self.change(rater, sheet, Change::Mark { item, mark }, stamp)
    }

    /// Takes the mark of an item away; nothing when it has none.
    ///
    /// # Errors
    ///
    /// As [`mark`](Self::mark).
    pub fn clear(&mut self, rater: &str, sheet: &str, item: &str, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        self.change(rater, sheet, Change::Clear { item: item.into() }, stamp)
    }

    /// Submits a sheet, which locks it. Nothing when it is submitted.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming the items that are outstanding, unless `when_item_missing` says what an unmarked item means
    /// and something is marked; otherwise as [`mark`](Self::mark).
    pub fn submit(&mut self, rater: &str, sheet: &str, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        let seen = self.sheets.position(sheet).and_then(|at| self.state(at));
        let marks = seen.map(|(sheet, state)| state.attested(self.rating(), sheet)).unwrap_or_default().into();
        self.change(rater, sheet, Change::Submit { marks }, stamp)
    }

    /// Takes a submitted sheet back, by its rater.
    ///
    /// # Errors
    ///
    /// [`DataError`] when it is not submitted; otherwise as [`mark`](Self::mark).
    pub fn withdraw(&mut self, rater: &str, sheet: &str, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        self.change(rater, sheet, Change::Withdraw, stamp)
    }

    /// Gives a submitted sheet back to its rater.
    ///
    /// * `by`, `reason`: who does it, and why; both are kept.
    ///
    /// # Errors
    ///
    /// [`DataError`] when it is not submitted, the round is not open, or `by` or `reason` is empty.
    pub fn reopen(&mut self, sheet: &str, by: &str, reason: &str, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        let Some(at) = self.sheets.position(sheet) else { return Err(unknown_sheet(sheet)) };
        let rater = self.sheets.sheets().get(at).map_or_else(|| "".into(), |sheet| Arc::clone(&sheet.rater));
        let (by, reason) = (by.trim().into(), reason.trim().into());
        self.change(&rater, sheet, Change::Reopen { by, reason }, stamp)
    }

    /// The rater of that name.
    pub(super) fn rater(&self, rater: &str) -> Result<Arc<str>, DataError> {
        let rater = rater.trim();
        self.sheets.of_rater(rater).map(|(rater, _)| Arc::clone(rater)).ok_or_else(|| {
            let near = nearest(rater, self.sheets.raters().map(|rater| &**rater));
            let shown = beginning(rater);
            refuse(
                Code::UnknownRater,
                &shown,
                say!("nobody called `{shown}` rates in this round", "本轮测评没有考评人 `{shown}`"),
                near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？")),
            )
        })
    }

    fn change(&mut self, rater: &str, sheet: &str, change: Change, stamp: &Stamp) -> Result<Option<Event>, DataError> {
        let rater = self.rater(rater)?;
        let at = self.sheets.position(sheet).ok_or_else(|| unknown_sheet(sheet))?;
        short(&stamp.device)?;
        if let Change::Reopen { by, reason } = &change {
            short(by)?;
            short(reason)?;
        }
        let revision = self.revisions.get(&rater).copied().unwrap_or(0).saturating_add(1);
        if revision > LAST_REVISION {
            return Err(self.no_revision_left(&rater));
        }
        let sheets = Arc::clone(&self.sheets);
        let open = self.is_open_at(stamp.time);
        let (Some(target), Some(played)) = (sheets.sheets().get(at), self.played.get_mut(at)) else {
            return Err(unknown_sheet(sheet));
        };
        let meeting = Meeting { rating: sheets.rating(), sheet: target, rater: &rater, stamp, open };
        let mut state = played.state.clone();
        if !state.apply(&change, &meeting)? {
            return Ok(None);
        }
        let what = kept(change, &meeting, &state);
        let sheet = Arc::clone(&target.id);
        let event = Event::new(stamp.clone(), Act::Sheet { rater: Arc::clone(&rater), revision, sheet, what });
        self.insert(event.clone())?;
        Ok(Some(event))
    }

    /// That a rater has an event with the last revision there is, and which.
    fn no_revision_left(&self, rater: &str) -> DataError {
        let of_sheets = self.played.iter().flat_map(|played| &played.events);
        let is_last = |event: &&Event| matches!(event.act(), Act::Sheet { rater: by, revision, .. } if **by == *rater && *revision >= LAST_REVISION);
        let id = of_sheets.filter(is_last).map(Event::id).next().map_or("", |id| &**id);
        refuse(
            Code::TooMany,
            id,
            say!(
                "`{rater}` can do nothing after the event `{id}`, which has the last revision there is",
                "事件 `{id}` 的修订号已是最大，`{rater}` 之后不能再有事件"
            ),
            Some(say!("take its line out of the log", "请从日志中删去这一行")),
        )
    }

    /// Takes an event of another device in; whether it was new.
    ///
    /// # Errors
    ///
    /// [`DataError`] for the opening of another plan, and past the limit of events: the round is as it was then.
    pub fn insert(&mut self, event: Event) -> Result<bool, DataError> {
        let Some(at) = self.keep(event)? else { return Ok(false) };
        match at {
            Kept::Sheet(at) => self.replay(at),
            Kept::Opening => self.replay_all(),
            Kept::Stray => {}
        }
        Ok(true)
    }

    /// Takes all events of another log of this round in; how many were new.
    ///
    /// # Errors
    ///
    /// [`DataError`] when it is a round of another plan, and past the limit of events; this one is as it was then.
    pub fn merge(&mut self, other: &Self) -> Result<usize, DataError> {
        if other.rating().fingerprint() != self.rating().fingerprint() {
            return Err(other_plan(other.rating().fingerprint()));
        }
        self.extend(other.events().into_iter().cloned())
    }

    /// Takes many events in; how many were new. None is when one is refused.
    pub(super) fn extend(&mut self, events: impl Iterator<Item = Event>) -> Result<usize, DataError> {
        let mut events: Vec<Event> = events.collect();
        for event in &events {
            self.belongs(event)?;
        }
        events.sort_unstable();
        events.dedup();
        events.retain(|event| self.place_of(event).is_err());
        let new = events.len();
        self.has_room_for(new)?;
        for event in events {
            let (events, _) = self.among(&event);
            events.push(event);
        }
        // all at once: to find the place of each in turn takes ever longer
        self.openings.sort_by(by_time);
        for events in self.played.iter_mut().map(|played| &mut played.events).chain([&mut self.strays]) {
            events.sort_unstable();
        }
        self.count += new;
        self.replay_all();
        Ok(new)
    }

    fn has_room_for(&self, more: usize) -> Result<(), DataError> {
        if self.count.saturating_add(more) <= EVENTS {
            return Ok(());
        }
        let message = say!("a round has at most {EVENTS} events", "一轮测评最多 {EVENTS} 条事件");
        Err(refuse(Code::TooMany, "", message, None))
    }

    /// Where an event stands among those it belongs to, or where it would.
    fn place_of(&self, event: &Event) -> Result<usize, usize> {
        let Act::Sheet { sheet, .. } = event.act() else {
            return self.openings.binary_search_by(|known| by_time(known, event));
        };
        let played = self.sheets.position(sheet).and_then(|at| self.played.get(at));
        played.map_or(&self.strays, |played| &played.events).binary_search(event)
    }

    /// Refuses the opening of another plan.
    pub(super) fn belongs(&self, event: &Event) -> Result<(), DataError> {
        match event.act() {
            Act::Open { plan, .. } if **plan != *self.rating().fingerprint() => Err(other_plan(plan)),
            _ => Ok(()),
        }
    }

    /// Puts an event where it belongs, in order; nothing when it is there.
    fn keep(&mut self, event: Event) -> Result<Option<Kept>, DataError> {
        self.belongs(&event)?;
        let Err(at) = self.place_of(&event) else { return Ok(None) };
        self.has_room_for(1)?;
        let (events, kept) = self.among(&event);
        events.insert(at, event);
        self.count += 1;
        Ok(Some(kept))
    }

    /// The events among which an event stands. The highest revision of its rater is noted on the way, unless the sheet is
    /// none of his: such an event never holds, so it need not come before what he does next.
    fn among(&mut self, event: &Event) -> (&mut Vec<Event>, Kept) {
        let Act::Sheet { rater, revision, sheet, .. } = event.act() else {
            return (&mut self.openings, Kept::Opening);
        };
        let at = self.sheets.position(sheet);
        if at.and_then(|at| self.sheets.sheets().get(at)).is_some_and(|known| known.rater == *rater) {
            let highest = self.revisions.entry(Arc::clone(rater)).or_default();
            *highest = (*highest).max(*revision);
        }
        match at.and_then(|at| Some((self.played.get_mut(at)?, at))) {
            Some((played, at)) => (&mut played.events, Kept::Sheet(at)),
            None => (&mut self.strays, Kept::Stray),
        }
    }

    fn replay_all(&mut self) {
        for at in 0..self.played.len() {
            self.replay(at);
        }
    }

    /// What the events of a sheet come to, from the first on.
    fn replay(&mut self, at: usize) {
        let sheets = Arc::clone(&self.sheets);
        let Some(sheet) = sheets.sheets().get(at) else { return };
        let Some(played) = self.played.get(at) else { return };
        let (mut state, mut refused) = (State::of(sheet), Vec::new());
        for (at, event) in played.events.iter().enumerate() {
            let Act::Sheet { rater, what, .. } = event.act() else { continue };
            let stamp = event.stamp();
            let open = self.is_open_at(stamp.time);
            let meeting = Meeting { rating: sheets.rating(), sheet, rater, stamp, open };
            let done = self.rater(rater).and_then(|_| state.apply(what, &meeting));
            refused.extend(done.err().map(|why| (at, why)));
        }
        if let Some(played) = self.played.get_mut(at) {
            played.state = state;
            played.refused = refused;
        }
    }
}

/// Two rounds are equal when the same events have come to the same.
impl PartialEq for RatingRound {
    fn eq(&self, other: &Self) -> bool {
        self.rating().fingerprint() == other.rating().fingerprint()
            && self.sheets.sheets() == other.sheets.sheets()
            && self.played == other.played
            && self.openings == other.openings
            && self.strays == other.strays
    }
}

/// The order of openings and closings: by time and turn, an opening before a closing of the same ones.
fn by_time(one: &Event, other: &Event) -> Ordering {
    let key = |event: &Event| (event.stamp().time, event.turn(), matches!(event.act(), Act::Close { .. }));
    key(one).cmp(&key(other)).then_with(|| one.cmp(other))
}

/// Where an event was put.
enum Kept {
    Sheet(usize),
    Opening,
    Stray,
}

/// A change as it is kept: item and mark in the spelling of the appraisal.
fn kept(change: Change, meeting: &Meeting<'_>, state: &State) -> Change {
    let spelt = |item: &str| {
        let folded = kaohe_grammar::fold_name(item.trim());
        let names = super::state::item_names(meeting.rating, meeting.sheet);
        names.zip(&state.marks).find(|(name, _)| ***name == *folded)
    };
    match &change {
        Change::Mark { item, .. } => match spelt(item) {
            Some((item, Some(mark))) => Change::Mark { item: Arc::clone(item), mark: Arc::clone(mark) },
            _ => change,
        },
        Change::Clear { item } => match spelt(item) {
            Some((item, _)) => Change::Clear { item: Arc::clone(item) },
            None => change,
        },
        _ => change,
    }
}

fn short(text: &str) -> Result<(), DataError> {
    if text.len() <= NAME_BYTES {
        return Ok(());
    }
    let shown = beginning(text);
    let message = say!("a text of more than {NAME_BYTES} bytes", "文本超过 {NAME_BYTES} 字节");
    Err(refuse(Code::TooLong, &shown, message, None))
}

fn no_more_events(of: &str) -> DataError {
    refuse(Code::TooMany, of, say!("no more events", "事件过多"), None)
}

pub(super) fn unknown_sheet(sheet: &str) -> DataError {
    let shown = beginning(sheet);
    refuse(
        Code::UnknownSheet,
        &shown,
        say!("there is no sheet `{shown}` in this round", "本轮测评没有考评表 `{shown}`"),
        Some(say!("plan and membership decide which sheets there are", "考评表由考核计划和人员表决定")),
    )
}

fn other_plan(plan: &str) -> DataError {
    let message: Message = say!("the log is of another plan", "日志属于另一份考核计划");
    let help = say!("read it with the scheme and edition it was opened with", "请使用开放测评时的方案和版本读取");
    refuse(Code::OtherPlan, plan, message, Some(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scheme;
    use crate::ratings::Membership;

    fn round() -> RatingRound {
        let scheme = Scheme::parse(
            "
kaohe: 1
scheme: 测评
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    stars: 5
    items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
    roles: { 上级: { weight: 100 } }
    plan: [{ rated: 经理, raters: [上级] }]
",
        );
        let members = Membership::of([("P1", "上级", None), ("M1", "经理", None)]).unwrap();
        RatingRound::new(Sheets::new(scheme.unwrap().rating("测评").unwrap(), &members).unwrap())
    }

    fn at(time: &str) -> Stamp {
        Stamp { time: HostTime::parse(time).unwrap(), device: "pc".into() }
    }

    #[test]
    fn the_limit_of_events_holds_however_they_come_in_and_an_event_that_is_there_counts_once() {
        let mut round = round();
        let opened = round.open("人事部", &at("2026-10-01T08:00:00")).unwrap().unwrap();
        let id = Arc::clone(&round.sheets().sheets()[0].id);
        let marked = round.mark("P1", &id, "服务", "3", &at("2026-10-01T09:00:00")).unwrap().unwrap();
        assert_eq!(round.count, 2);
        round.count = EVENTS - 1; // as if there were so many
        assert!(!round.insert(marked.clone()).unwrap());
        assert_eq!(round.extend([opened.clone(), marked.clone(), opened].into_iter()).unwrap(), 0);
        round.mark("P1", &id, "服务", "4", &at("2026-10-01T09:00:00")).unwrap().unwrap();
        assert_eq!(round.count, EVENTS);
        let before = round.clone();
        let full = |error: DataError| assert_eq!(error.code, Code::TooMany);
        full(round.mark("P1", &id, "服务", "5", &at("2026-10-01T09:00:00")).unwrap_err());
        full(round.close("人事部", &at("2026-10-02T09:00:00")).unwrap_err());
        let other = Event::new(at("2026-10-03T09:00:00"), Act::Close { by: "人事部".into(), turn: 0 });
        full(round.insert(other.clone()).unwrap_err());
        full(round.extend([marked, other].into_iter()).unwrap_err());
        assert!(round == before);
    }

    #[test]
    fn an_event_that_never_holds_does_not_use_up_the_revisions_of_a_rater() {
        let mut round = round();
        round.open("人事部", &at("2026-10-01T08:00:00")).unwrap();
        let id = Arc::clone(&round.sheets().sheets()[0].id);
        let last = |rater: &str, sheet: &str| {
            let what = Change::Mark { item: "服务".into(), mark: "1".into() };
            let (rater, sheet) = (rater.into(), sheet.into());
            Event::new(at("2026-10-01T09:00:00"), Act::Sheet { rater, revision: LAST_REVISION, sheet, what })
        };
        round.insert(last("P1", "0000000000000000")).unwrap();
        round.insert(last("M1", &id)).unwrap();
        let marked = round.mark("P1", &id, "服务", "3", &at("2026-10-01T09:00:00")).unwrap().unwrap();
        assert_eq!(marked.revision(), 1);
        let own = last("P1", &id);
        round.insert(own.clone()).unwrap();
        let error = round.mark("P1", &id, "服务", "4", &at("2026-10-01T10:00:00")).unwrap_err();
        assert_eq!((error.code, error.offenders), (Code::TooMany, vec![own.id().to_string()]));
    }

    #[test]
    fn what_came_in_later_does_not_change_a_sheet_that_was_submitted_unseen() {
        let mut round = round();
        round.open("人事部", &at("2026-10-01T08:00:00")).unwrap();
        let id = Arc::clone(&round.sheets().sheets()[0].id);
        for item in ["服务", "协作"] {
            round.mark("P1", &id, item, "3", &at("2026-10-01T09:00:00")).unwrap();
        }
        let submitted = round.submit("P1", &id, &at("2026-10-01T10:00:00")).unwrap().unwrap();
        let by_phone = |revision, mark: &str, time: &str| {
            let what = Change::Mark { item: "服务".into(), mark: mark.into() };
            let (rater, sheet) = ("P1".into(), Arc::clone(&id));
            Event::new(at(time), Act::Sheet { rater, revision, sheet, what })
        };
        // the same mark, or one that was marked over, changes nothing
        round.insert(by_phone(1, "3", "2026-10-05T12:00:00")).unwrap();
        assert!(round.refused().is_empty() && round.submitted().len() == 1);
        round.insert(by_phone(2, "5", "2026-10-05T12:00:00")).unwrap();
        let refused = round.refused();
        assert_eq!(refused.len(), 1);
        assert_eq!((&refused[0].event, refused[0].why.code), (&submitted, Code::OtherMarks));
        assert!(round.submitted().is_empty());
        // she looks at it, and hands in what it has now
        round.submit("P1", &id, &at("2026-10-06T10:00:00")).unwrap().unwrap();
        assert_eq!(round.submitted()[0].marks[0].as_deref(), Some("5"));
    }
}
