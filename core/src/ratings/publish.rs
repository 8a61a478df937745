//! Agreement and severity as hosts receive them: figures as decimal text, tables by column.

use std::collections::BTreeSet;
use std::sync::Arc;

use kaohe_grammar::say;
use serde_json::{Map, Value as Json, json};

use super::agreement::Agreement;
use super::severity::{RateeMean, RaterSeverity, SeverityAdjustment};
use crate::code::Code;
use crate::error::DataError;
use crate::number::Number;
use crate::problem::Problem;

impl Agreement {
    /// Every figure that has no value with the reason, its name as the column.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let problem = |(name, error): (&str, DataError)| Problem {
            column: name.into(),
            code: error.code,
            message: error.message,
            blocked_by: None,
            input: None,
            location: None,
            detail: None,
            left_out: Vec::new(),
        };
        let mut shown = Shown::default();
        let each = self.figures().filter_map(|(measure, figure)| {
            let published = figure.map_err(DataError::clone).and_then(|number| shown.number(measure.name(), number));
            published.err().map(|error| (measure.name(), error))
        });
        each.map(problem).collect()
    }

    /// The figures by name, `null` where there is none, with the names of those that are shown rounded.
    pub(crate) fn published(&self) -> (Map<String, Json>, Vec<String>) {
        let mut shown = Shown::default();
        let mut figures = Map::new();
        for (measure, figure) in self.figures() {
            let text = figure.ok().and_then(|number| shown.number(measure.name(), number).ok());
            figures.insert(measure.name().to_owned(), text.into());
        }
        (figures, shown.rounded())
    }
}

impl SeverityAdjustment {
    /// Every table by column.
    ///
    /// # Errors
    ///
    /// [`DataError`] with `K0908` when a figure has more digits than can be published.
    pub(crate) fn published(&self) -> Result<Json, DataError> {
        let mut shown = Shown::default();
        let table = self.table();
        let name = |names: &[Arc<str>], at: usize| names.get(at).map(|name| name.to_string());
        let ratings = table.ratings().iter();
        let given = ratings.clone().map(|rating| rating.value().map(Number::to_string));
        let adjusted: Vec<Option<String>> = self
            .adjusted()
            .map(|adjusted| adjusted.map(|number| shown.number("ratings.adjusted", &number)).transpose())
            .collect::<Result<_, _>>()?;
        let mut of_raters = |column: &str, of: fn(&RaterSeverity) -> &Number| {
            let figures = self.raters().iter().map(|rater| shown.number(column, of(rater)));
            figures.collect::<Result<Vec<String>, _>>()
        };
        let mean = of_raters("raters.mean", |rater| &rater.mean)?;
        let effect = of_raters("raters.effect", |rater| &rater.effect)?;
        let factor = of_raters("raters.factor", |rater| &rater.factor)?;
        let mut of_ratees = |column: &str, of: fn(&RateeMean) -> Option<&Number>| {
            let figures =
                self.ratees().iter().map(|ratee| of(ratee).map(|number| shown.number(column, number)).transpose());
            figures.collect::<Result<Vec<Option<String>>, _>>()
        };
        let ratee_mean = of_ratees("ratees.mean", |ratee| Some(&ratee.mean))?;
        let ratee_adjusted = of_ratees("ratees.adjusted", |ratee| ratee.adjusted.as_ref())?;
        Ok(json!({
            "ratings": {
                "ratee": ratings.clone().map(|rating| name(table.ratees(), rating.ratee())).collect::<Vec<_>>(),
                "rater": ratings.map(|rating| name(table.raters(), rating.rater())).collect::<Vec<_>>(),
                "rating": given.collect::<Vec<_>>(),
                "adjusted": adjusted,
            },
            "raters": {
                "rater": self.raters().iter().map(|rater| &*rater.name).collect::<Vec<_>>(),
                "ratings": self.raters().iter().map(|rater| rater.ratings).collect::<Vec<_>>(),
                "mean": mean,
                "effect": effect,
                "factor": factor,
                "counts": self.raters().iter().map(|rater| rater.counts).collect::<Vec<_>>(),
                "group": self.raters().iter().map(|rater| rater.group).collect::<Vec<_>>(),
            },
            "ratees": {
                "ratee": self.ratees().iter().map(|ratee| &*ratee.name).collect::<Vec<_>>(),
                "ratings": self.ratees().iter().map(|ratee| ratee.ratings).collect::<Vec<_>>(),
                "mean": ratee_mean,
                "adjusted": ratee_adjusted,
            },
            "shown_rounded": shown.rounded(),
            "without_spread": self.without_spread().iter().map(|name| &**name).collect::<Vec<_>>(),
            "groups": self.groups(),
        }))
    }
}

/// Figures as text, and which of them have more decimals than they show.
#[derive(Default)]
struct Shown {
    rounded: BTreeSet<String>,
}

impl Shown {
    fn number(&mut self, column: &str, number: &Number) -> Result<String, DataError> {
        let published = number.to_published(None).map_err(|error| DataError {
            code: Code::Overflow,
            message: say!("`{column}` has a figure of more than 28 digits", "`{column}` 有超过 28 位的数值"),
            help: error.help(),
            offenders: vec![column.to_owned()],
        })?;
        if published.shown_rounded && !self.rounded.contains(column) {
            self.rounded.insert(column.to_owned());
        }
        Ok(published.value.to_string())
    }

    fn rounded(&self) -> Vec<String> {
        self.rounded.iter().cloned().collect()
    }
}
