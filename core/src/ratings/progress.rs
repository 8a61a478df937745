//! What a round has come to, as raters and those who run it ask for it.

use std::collections::HashMap;
use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use crate::code::Code;
use crate::error::DataError;
use crate::ratings::problem::refuse;
use crate::ratings::round::unknown_sheet;
use crate::ratings::state::{State, item_names};
use crate::ratings::{HostTime, Item, Rating, RatingRound, Reopening, Scale, Sheet};

/// A sheet and what it has come to.
#[derive(Debug, Clone, Copy)]
pub struct SheetView<'r> {
    rating: &'r Rating,
    sheet: &'r Sheet,
    state: &'r State,
}

/// How far a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing is marked.
    Untouched,
    /// Something is marked.
    Started,
    /// It is submitted, and locked.
    Submitted,
}

impl Status {
    /// The word for data: `untouched`, `started`, `submitted`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Started => "started",
            Self::Submitted => "submitted",
        }
    }
}

/// How many sheets of a role and group are how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundProgress {
    /// The rater role.
    pub role: Arc<str>,
    /// The group in which raters meet who is rated.
    pub group: Option<Arc<str>>,
    /// All sheets.
    pub sheets: usize,
    /// Those in which nothing is marked.
    pub untouched: usize,
    /// Those in which something is marked, and that are not submitted.
    pub started: usize,
    /// Those that are submitted.
    pub submitted: usize,
}

/// The submitted marks of one rater about one person in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedSheet {
    /// Who is rated.
    pub ratee: Arc<str>,
    /// The rater's role.
    pub role: Arc<str>,
    /// Who rated.
    pub rater: Arc<str>,
    /// A mark for each item of the appraisal, in its order; nothing for one that was not marked, or not asked.
    pub marks: Vec<Option<Arc<str>>>,
}

impl<'r> SheetView<'r> {
    /// The sheet.
    #[must_use]
    pub fn sheet(&self) -> &'r Sheet {
        self.sheet
    }

    /// What is rated on it: its items, in order.
    pub fn items(&self) -> impl Iterator<Item = &'r Item> + use<'r> {
        let (rating, sheet) = (self.rating, self.sheet);
        sheet.items.iter().filter_map(|at| rating.items().get(*at))
    }

    /// The marks there are.
    #[must_use]
    pub fn scale(&self) -> &'r Scale {
        self.rating.scale()
    }

    /// Its items with their marks, in order.
    #[must_use]
    pub fn marks(&self) -> Vec<(&'r str, Option<&'r str>)> {
        let marks = self.state.marks.iter().map(Option::as_deref);
        item_names(self.rating, self.sheet).map(|item| &**item).zip(marks).collect()
    }

    /// The items without a mark, in order.
    #[must_use]
    pub fn outstanding(&self) -> Vec<&'r str> {
        self.state.outstanding(self.rating, self.sheet).map(|item| &**item).collect()
    }

    /// How far it is.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.state {
            State { submitted: Some(_), .. } => Status::Submitted,
            State { marks, .. } if marks.iter().any(Option::is_some) => Status::Started,
            _ => Status::Untouched,
        }
    }

    /// When it was submitted, while it is.
    #[must_use]
    pub fn submitted(&self) -> Option<HostTime> {
        self.state.submitted
    }

    /// How often it was given back to its rater, by whom and why.
    #[must_use]
    pub fn reopened(&self) -> &'r [Reopening] {
        &self.state.reopened
    }
}

impl RatingRound {
    /// Every sheet, in order.
    pub fn all(&self) -> impl Iterator<Item = SheetView<'_>> {
        (0..self.sheets().sheets().len()).filter_map(|at| self.view(at))
    }

    fn view(&self, at: usize) -> Option<SheetView<'_>> {
        let (sheet, state) = self.state(at)?;
        Some(SheetView { rating: self.rating(), sheet, state })
    }

    /// The sheet of that id.
    ///
    /// # Errors
    ///
    /// [`DataError`] when there is none.
    pub fn sheet(&self, id: &str) -> Result<SheetView<'_>, DataError> {
        self.sheets().position(id).and_then(|at| self.view(at)).ok_or_else(|| unknown_sheet(id))
    }

    /// The sheets of a rater, in order, submitted ones too.
    ///
    /// # Errors
    ///
    /// [`DataError`] when nobody of that name rates in this round.
    pub fn sheets_of(&self, rater: &str) -> Result<Vec<SheetView<'_>>, DataError> {
        let rater = self.rater(rater)?;
        let sheets = self.sheets().of_rater(&rater).map_or(&[][..], |(_, sheets)| sheets);
        Ok(sheets.iter().filter_map(|at| self.view(*at)).collect())
    }

    /// The sheet of a rater about a person, in a role when there are several.
    ///
    /// # Errors
    ///
    /// [`DataError`] when nobody of that name rates in this round, or there is no such sheet, or more than one.
    pub fn sheet_of(&self, rater: &str, ratee: &str, role: Option<&str>) -> Result<SheetView<'_>, DataError> {
        let (rater, ratee) = (rater.trim(), ratee.trim());
        let role = role.map(|role| fold_name(role.trim()));
        let is_meant = |view: &SheetView<'_>| {
            *view.sheet.ratee == *ratee && role.as_ref().is_none_or(|role| *view.sheet.role == **role)
        };
        let mut sheets: Vec<SheetView<'_>> = self.sheets_of(rater)?;
        sheets.retain(is_meant);
        let several: Vec<String> =
            sheets.iter().map(|view| format!("{} ({})", view.sheet.id, view.sheet.role)).collect();
        match sheets.as_slice() {
            [view] => Ok(*view),
            [] => Err(refuse(
                Code::UnknownSheet,
                ratee,
                say!("`{rater}` has no such sheet about `{ratee}`", "`{rater}` 没有考评 `{ratee}` 的这张考评表"),
                None,
            )),
            _ => Err(refuse(
                Code::UnknownSheet,
                ratee,
                say!("`{rater}` has several sheets about `{ratee}`", "`{rater}` 有多张考评 `{ratee}` 的考评表"),
                Some(Message::new(
                    format!("say which: {}", several.join(", ")),
                    format!("请指明：{}", several.join("、")),
                )),
            )),
        }
    }

    /// What a rater still has to do: his sheets that are not submitted, in order.
    ///
    /// # Errors
    ///
    /// [`DataError`] when nobody of that name rates in this round.
    pub fn tasks(&self, rater: &str) -> Result<Vec<SheetView<'_>>, DataError> {
        let mut sheets = self.sheets_of(rater)?;
        sheets.retain(|view| view.status() != Status::Submitted);
        Ok(sheets)
    }

    /// How far the round is, by role in the order of the scheme and then by group in the order of their texts.
    #[must_use]
    pub fn progress(&self) -> Vec<RoundProgress> {
        let mut by: HashMap<(&Arc<str>, &Option<Arc<str>>), RoundProgress> = HashMap::new();
        for view in self.all() {
            let Sheet { role, group, .. } = view.sheet;
            let progress = by.entry((role, group)).or_insert_with(|| {
                let (role, group) = (Arc::clone(role), group.clone());
                RoundProgress { role, group, sheets: 0, untouched: 0, started: 0, submitted: 0 }
            });
            progress.sheets += 1;
            *match view.status() {
                Status::Untouched => &mut progress.untouched,
                Status::Started => &mut progress.started,
                Status::Submitted => &mut progress.submitted,
            } += 1;
        }
        let mut all: Vec<RoundProgress> = by.into_values().collect();
        all.sort_by(|a, b| (self.place(&a.role), &a.group).cmp(&(self.place(&b.role), &b.group)));
        all
    }

    fn place(&self, role: &str) -> Option<usize> {
        self.rating().roles().iter().position(|known| *known.name == *role)
    }

    /// The submitted sheets as rows for scoring: by who is rated, then role in the order of the scheme, then rater.
    ///
    /// Sheets of one rater about one person in one role, which the plan may ask in parts, are one row.
    #[must_use]
    pub fn submitted(&self) -> Vec<SubmittedSheet> {
        let mut rows: HashMap<[&Arc<str>; 3], Vec<Option<Arc<str>>>> = HashMap::new();
        for view in self.all().filter(|view| view.status() == Status::Submitted) {
            let Sheet { ratee, role, rater, items, .. } = view.sheet;
            let row = rows.entry([ratee, role, rater]).or_insert_with(|| vec![None; self.rating().items().len()]);
            for (item, mark) in items.iter().zip(&view.state.marks) {
                if let (Some(place), Some(mark)) = (row.get_mut(*item), mark) {
                    *place = Some(Arc::clone(mark));
                }
            }
        }
        let row = |(who, marks): ([&Arc<str>; 3], _)| {
            let [ratee, role, rater] = who.map(Arc::clone);
            SubmittedSheet { ratee, role, rater, marks }
        };
        let mut all: Vec<SubmittedSheet> = rows.into_iter().map(row).collect();
        all.sort_by(|a, b| (&a.ratee, self.place(&a.role), &a.rater).cmp(&(&b.ratee, self.place(&b.role), &b.rater)));
        all
    }
}
