//! What happens in a round, one event after the other.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::ratings::HostTime;
use crate::ratings::digest::id;

/// Goes before what an id is made of, so that another version of it never gives an equal one by chance.
const VERSION: &str = "kaohe event 1";

/// The largest revision: JSON numbers are exact up to here in every language.
pub(super) const LAST_REVISION: u64 = (1 << 53) - 1;

/// When and where an event was made; the host says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The host's time.
    pub time: HostTime,
    /// The host's name for the device or process.
    pub device: Arc<str>,
}

/// Something that happened in a round. Two events that are alike in everything are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    id: Arc<str>,
    stamp: Stamp,
    act: Act,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The round was opened.
    Open {
        /// Who did it.
        by: Arc<str>,
        /// What raters are asked: [`Rating::fingerprint`](crate::ratings::Rating::fingerprint).
        plan: Arc<str>,
        /// One more than the turn of the last closing of this very time that whoever did it had seen, otherwise 0: a
        /// clock may be too coarse to tell them apart.
        turn: u64,
    },
    /// The round was closed.
    Close {
        /// Who did it.
        by: Arc<str>,
        /// The turn of the opening of this very time that it closes, otherwise 0.
        turn: u64,
    },
    /// Something was done to a sheet.
    Sheet {
        /// Whose sheet it is.
        rater: Arc<str>,
        /// One more than the highest revision on this rater's sheets that whoever did it had seen, from 1.
        revision: u64,
        /// The id of the sheet.
        sheet: Arc<str>,
        /// What was done.
        what: Change,
    },
}

/// What was done to a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An item was marked.
    Mark {
        /// The item.
        item: Arc<str>,
        /// The mark.
        mark: Arc<str>,
    },
    /// The mark of an item was taken away.
    Clear {
        /// The item.
        item: Arc<str>,
    },
    /// The rater handed the sheet in; it is locked.
    Submit {
        /// A digest of the marks he saw. When events that were not known to him had changed one, he did not hand that in,
        /// and the submission does not hold.
        marks: Arc<str>,
    },
    /// The rater took it back.
    Withdraw,
    /// Somebody else gave it back to the rater.
    Reopen {
        /// Who did it.
        by: Arc<str>,
        /// Why.
        reason: Arc<str>,
    },
}

impl Event {
    /// An event; what names it follows from what it is.
    #[must_use]
    pub fn new(stamp: Stamp, act: Act) -> Self {
        let id = id_of(&stamp, &act).into();
        Self { id, stamp, act }
    }

    /// What names it: made of everything it is, so it is the same wherever the event comes from.
    #[must_use]
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// When and where it was made.
    #[must_use]
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// What happened.
    #[must_use]
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// The word of its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.act {
            Act::Open { .. } => "open",
            Act::Close { .. } => "close",
            Act::Sheet { what, .. } => match what {
                Change::Mark { .. } => "mark",
                Change::Clear { .. } => "clear",
                Change::Submit { .. } => "submit",
                Change::Withdraw => "withdraw",
                Change::Reopen { .. } => "reopen",
            },
        }
    }

    /// The rater's revision; 0 when it is about no sheet.
    #[must_use]
    pub fn revision(&self) -> u64 {
        match self.act {
            Act::Sheet { revision, .. } => revision,
            Act::Open { .. } | Act::Close { .. } => 0,
        }
    }

    /// Its turn among the openings and closings of one time; 0 when it is neither.
    #[must_use]
    pub fn turn(&self) -> u64 {
        match self.act {
            Act::Open { turn, .. } | Act::Close { turn, .. } => turn,
            Act::Sheet { .. } => 0,
        }
    }
}

/// The order of events: the rater's revision, the host's time, the device, the id.
impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |event: &Self| (event.revision(), event.stamp.time);
        key(self)
            .cmp(&key(other))
            .then_with(|| self.stamp.device.cmp(&other.stamp.device))
            .then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn id_of(stamp: &Stamp, act: &Act) -> String {
    let time = stamp.time.to_string();
    let number;
    let mut fields: Vec<&str> = vec![VERSION, &time, &stamp.device];
    match act {
        Act::Open { by, plan, turn } => {
            fields.extend(["open", by, plan]);
            number = turn.to_string();
            // the first turn goes without saying, in lines as well
            fields.extend((*turn > 0).then_some(&*number));
        }
        Act::Close { by, turn } => {
            fields.extend(["close", by]);
            number = turn.to_string();
            fields.extend((*turn > 0).then_some(&*number));
        }
        Act::Sheet { rater, revision, sheet, what } => {
            number = revision.to_string();
            fields.extend([&**rater, &number, sheet]);
            match what {
                Change::Mark { item, mark } => fields.extend(["mark", item, mark]),
                Change::Clear { item } => fields.extend(["clear", item]),
                Change::Submit { marks } => fields.extend(["submit", marks]),
                Change::Withdraw => fields.push("withdraw"),
                Change::Reopen { by, reason } => fields.extend(["reopen", by, reason]),
            }
        }
    }
    id(fields)
}
