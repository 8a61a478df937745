//! What one sheet has come to: the one place that decides what an event may do to it.

use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use crate::code::Code;
use crate::diagnostic::beginning;
use crate::error::DataError;
use crate::ratings::digest::id;
use crate::ratings::problem::{named, refuse};
use crate::ratings::{Change, HostTime, Rating, Scale, Sheet, Stamp};

/// Goes before what a digest of marks is made of, so that another version of it never gives an equal one by chance.
const MARKS: &str = "kaohe marks 1";

/// What a sheet has come to, without the sheet itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    /// A mark for each item of the sheet, in its order.
    pub(super) marks: Vec<Option<Arc<str>>>,
    /// When it was submitted, while it is.
    pub(super) submitted: Option<HostTime>,
    /// How often and why it was given back.
    pub(super) reopened: Vec<Reopening>,
}

/// A sheet that was given back to its rater.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopening {
    /// When.
    pub time: HostTime,
    /// Who did it.
    pub by: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
}

/// Where an event meets the sheet.
pub(super) struct Meeting<'r> {
    pub(super) rating: &'r Rating,
    pub(super) sheet: &'r Sheet,
    /// Whose event it is.
    pub(super) rater: &'r str,
    pub(super) stamp: &'r Stamp,
    /// Whether the round is open at that time.
    pub(super) open: bool,
}

impl State {
    pub(super) fn of(sheet: &Sheet) -> Self {
        Self { marks: vec![None; sheet.items.len()], ..Self::default() }
    }

    /// Does to the sheet what the event says; whether that changed anything.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the event may not do it; the sheet is as it was then.
    pub(super) fn apply(&mut self, change: &Change, meeting: &Meeting<'_>) -> Result<bool, DataError> {
        let Meeting { rating, sheet, rater, stamp, open } = *meeting;
        if *rater != *sheet.rater {
            let id = &sheet.id;
            return Err(refuse(
                Code::NotTheRater,
                rater,
                say!("the sheet `{id}` is not one of `{rater}`", "考评表 `{id}` 不属于 `{rater}`"),
                None,
            ));
        }
        if !open {
            let time = stamp.time;
            return Err(refuse(
                Code::RoundNotOpen,
                &time.to_string(),
                say!("the round is not open at {time}", "{time} 时本轮测评没有开放"),
                Some(say!("open it first, or again", "请先开放，或重新开放")),
            ));
        }
        if !matches!(change, Change::Reopen { .. }) {
            in_its_days(sheet, stamp.time)?;
        }
        match change {
            Change::Mark { item, mark } => {
                let at = self.item(item, meeting)?;
                let Some(mark) = rating.scale().read(mark) else {
                    let help = Some(rating.scale().told());
                    return Err(refuse(Code::OffScale, &beginning(mark), Scale::off(mark), help));
                };
                Ok(self.set(at, Some(mark.text)))
            }
            Change::Clear { item } => {
                let at = self.item(item, meeting)?;
                Ok(self.set(at, None))
            }
            Change::Submit { marks } if **marks != *self.attested(rating, sheet) => Err(refuse(
                Code::OtherMarks,
                &sheet.id,
                say!(
                    "the sheet `{0}` has other marks than were submitted",
                    "考评表 `{0}` 的评分与提交时所见的不同",
                    sheet.id
                ),
                Some(say!(
                    "a mark made elsewhere came in later; look at the sheet, and submit it again",
                    "在别处所评的分后来才到达；请核对考评表后重新提交"
                )),
            )),
            Change::Submit { .. } if self.submitted.is_some() => Ok(false),
            Change::Submit { .. } => {
                self.is_complete(rating, sheet)?;
                self.submitted = Some(stamp.time);
                Ok(true)
            }
            Change::Withdraw => {
                self.is_submitted(sheet)?;
                self.submitted = None;
                Ok(true)
            }
            Change::Reopen { by, reason } => {
                if by.trim().is_empty() || reason.trim().is_empty() {
                    return Err(refuse(
                        Code::ReasonMissing,
                        &sheet.id,
                        say!("a sheet is given back by somebody, for a reason", "退回考评表必须写明由谁退回和原因"),
                        None,
                    ));
                }
                self.is_submitted(sheet)?;
                self.submitted = None;
                let (by, reason) = (Arc::clone(by), Arc::clone(reason));
                self.reopened.push(Reopening { time: stamp.time, by, reason });
                Ok(true)
            }
        }
    }

    /// A digest of the marks, which a submission attests.
    pub(super) fn attested(&self, rating: &Rating, sheet: &Sheet) -> String {
        let marks = self.marks.iter().map(|mark| mark.as_deref().unwrap_or(""));
        let each = item_names(rating, sheet).map(|item| &**item).zip(marks).flat_map(|(item, mark)| [item, mark]);
        id(std::iter::once(MARKS).chain(each))
    }

    fn set(&mut self, at: usize, mark: Option<Arc<str>>) -> bool {
        match self.marks.get_mut(at) {
            Some(present) if *present != mark => {
                *present = mark;
                true
            }
            _ => false,
        }
    }

    /// Where an item stands on the sheet, which must not be submitted.
    fn item(&self, item: &str, meeting: &Meeting<'_>) -> Result<usize, DataError> {
        let Meeting { rating, sheet, .. } = *meeting;
        if self.submitted.is_some() {
            let id = &sheet.id;
            return Err(refuse(
                Code::SheetSubmitted,
                id,
                say!("the sheet `{id}` is submitted", "考评表 `{id}` 已经提交"),
                Some(say!("withdraw it, or have it reopened", "请先撤回，或请管理人员退回")),
            ));
        }
        let folded = fold_name(item.trim());
        let items: Vec<&Arc<str>> = item_names(rating, sheet).collect();
        items.iter().position(|known| ***known == *folded).ok_or_else(|| {
            let each: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
            let (en, zh) = (each.join(", "), each.join("、"));
            let shown = beginning(item);
            refuse(
                Code::UnknownItem,
                &shown,
                say!("the sheet has no item `{shown}`", "考评表没有`{shown}`这个考评项"),
                Some(Message::new(format!("the items are {en}"), format!("可用的考评项有：{zh}"))),
            )
        })
    }

    fn is_submitted(&self, sheet: &Sheet) -> Result<(), DataError> {
        if self.submitted.is_some() {
            return Ok(());
        }
        let id = &sheet.id;
        let message = say!("the sheet `{id}` is not submitted", "考评表 `{id}` 尚未提交");
        Err(refuse(Code::NotSubmitted, id, message, None))
    }

    /// Nothing is outstanding, or the appraisal says what an unmarked item means; something is marked in any case.
    fn is_complete(&self, rating: &Rating, sheet: &Sheet) -> Result<(), DataError> {
        let outstanding: Vec<String> = self.outstanding(rating, sheet).map(|item| format!("`{item}`")).collect();
        let may_be_unmarked = rating.when_item_missing().may_be_unmarked();
        if may_be_unmarked && outstanding.len() < self.marks.len() {
            return Ok(());
        }
        named(Code::ItemsOutstanding, &outstanding, |Message { en, zh }| {
            if may_be_unmarked {
                say!("nothing is marked: {en}", "一项都没有评：{zh}")
            } else {
                say!("items without a mark: {en}", "尚未评的考评项：{zh}")
            }
        })
    }

    /// The items without a mark, in order.
    pub(super) fn outstanding<'r>(
        &'r self,
        rating: &'r Rating,
        sheet: &'r Sheet,
    ) -> impl Iterator<Item = &'r Arc<str>> {
        let marked = self.marks.iter();
        item_names(rating, sheet).zip(marked).filter(|(_, mark)| mark.is_none()).map(|(item, _)| item)
    }
}

/// The names of a sheet's items.
pub(super) fn item_names<'r>(rating: &'r Rating, sheet: &'r Sheet) -> impl Iterator<Item = &'r Arc<str>> {
    sheet.items.iter().filter_map(|at| rating.items().get(*at)).map(|item| &item.name)
}

fn in_its_days(sheet: &Sheet, time: HostTime) -> Result<(), DataError> {
    let day = time.day();
    let message = match (sheet.start, sheet.end) {
        (Some(start), _) if day < start => say!("marks are taken from {start} on", "从 {start} 起才能考评"),
        (_, Some(end)) if day > end => say!("marks were taken until {end}", "考评已于 {end} 截止"),
        _ => return Ok(()),
    };
    Err(refuse(Code::RoundNotOpen, &time.to_string(), message, None))
}
