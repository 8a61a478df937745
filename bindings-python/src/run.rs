//! A run: people scored together, without the interpreter but for a look at it between blocks of rows.

use std::collections::HashMap;
use std::ops::ControlFlow;

use kaohe::boundary::{exam_statistics_json, notes_json};
use kaohe::code::Code;
use kaohe::ratings::agreement::Incomplete;
use kaohe::report::Format;
use kaohe::run::{Progress, RoleAgreement};
use kaohe::value::Kind;
use kaohe::{Data, Figure, Options, Problem, Run as CoreRun, Scheme, Stop};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::batches::Batches;
use crate::cell::cell;
use crate::error::data_error;
use crate::explanation::{Explanation, language};
use crate::figure::{column, date_to_python, to_python};
use crate::ratings::Agreement;
use crate::report::Report;
use crate::row::Refused;
use crate::table::{Frame, Names, table};

/// Rows whose problems are told between two looks at the interpreter.
const TOLD: usize = 256;

/// What a column that came out is: its name, its kind, its places, its words from the worst to the best.
type ShownFields<'a> = (&'a str, &'static str, Option<u32>, Option<Vec<&'a str>>);

/// The agreement of a role: its name; how many sheets, raters and people rated; on the whole sheet; on each item.
type OfRole = (String, (usize, usize, usize), Agreement, Vec<(String, Agreement)>);

/// The names of what a run reads, under which values are looked at.
pub(crate) struct Known {
    pub(crate) people: Names,
    /// For each detail table its name and those of its columns.
    details: Vec<(String, Names)>,
}

impl Known {
    pub(crate) fn of(scheme: &Scheme) -> Self {
        let people = scheme.inputs().iter().flat_map(|input| input.names().map(str::to_owned)).collect();
        let details = scheme.plan().details.iter().map(|detail| {
            let columns = detail.inputs.iter().flat_map(|input| input.names().map(str::to_owned));
            let key = detail.key_headers.iter().map(|header| header.to_string());
            (detail.name.to_string(), columns.chain(key).collect())
        });
        Self { people, details: details.collect() }
    }

    /// The same people or person with detail tables and values of the run.
    pub(crate) fn with(
        &self,
        py: Python<'_>,
        mut data: Data,
        details: Vec<(String, Frame<'_>)>,
        given: &Bound<'_, PyDict>,
    ) -> PyResult<Data> {
        let nothing = Names::new();
        for (name, frame) in details {
            let folded = kaohe_grammar::fold_name(name.trim());
            let known = self.details.iter().find(|(known, _)| *known == *folded);
            let names = known.map_or(&nothing, |(_, names)| names);
            data = data.detail(&name, table(py, names, frame)?);
        }
        let mut refused = Refused::default();
        for (name, value) in given {
            let name: String = name.cast::<PyString>()?.extract()?;
            match cell(&value) {
                Ok(value) => data = data.given(&name, value),
                Err(refusal) => refused.add(&name, None, refusal),
            }
        }
        refused.into_result(py)?;
        Ok(data)
    }
}

/// How people are scored.
#[derive(Default)]
pub(crate) struct How<'p> {
    pub(crate) threads: usize,
    /// The columns that are wanted; all when not stated.
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) progress: Option<&'p Py<PyAny>>,
}

/// Scores people, or a person, and looks at the interpreter between blocks of rows: for signals, and to tell `progress`.
pub(crate) fn scored(py: Python<'_>, scheme: &Scheme, data: Data, how: How<'_>) -> PyResult<CoreRun> {
    let How { threads, columns, progress } = how;
    let mut failure = None;
    let run = py.detach(|| {
        let mut look = |Progress { done, total }| {
            let looked = Python::attach(|py| {
                py.check_signals()?;
                progress.map_or(Ok(()), |progress| progress.call1(py, (done, total)).map(drop))
            });
            match looked {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        };
        let mut options = Options::threads(threads).with_progress(&mut look);
        options.columns = columns;
        scheme.score(data, options)
    });
    run.map_err(|stop| match stop {
        Stop::Data(error) => data_error(py, &error),
        Stop::Stopped => failure.unwrap_or_else(|| PyRuntimeError::new_err(stop.to_string())),
    })
}

/// Figures by name.
pub(crate) fn by_name<'py, F: std::borrow::Borrow<Figure>>(
    py: Python<'py>,
    figures: impl Iterator<Item = (impl AsRef<str>, F)>,
) -> PyResult<Bound<'py, PyDict>> {
    let values = PyDict::new(py);
    for (name, figure) in figures {
        values.set_item(name.as_ref(), to_python(py, figure.borrow())?)?;
    }
    Ok(values)
}

/// Scored people.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Run {
    pub(crate) run: CoreRun,
}

#[pymethods]
impl Run {
    /// The figures of the shown column at this place.
    fn column<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyList>> {
        column(py, self.run.figures(at))
    }

    /// The columns whose figures came out: of each its name, its kind, its places, and its words where it has such.
    fn columns(&self) -> Vec<ShownFields<'_>> {
        let plan = self.run.scheme().plan();
        let fields = self.run.shown().iter().map(|id| {
            let column = plan.column(*id);
            let kind = &plan.node(column.body).facts.kind;
            let words = match kind {
                Kind::Choice(list) => Some(list.words.iter().map(|word| &**word).collect()),
                _ => None,
            };
            (&*column.name, kind.word(), column.places, words)
        });
        fields.collect()
    }

    /// The figures as Arrow, decimals of so many digits.
    fn arrow(&self, py: Python<'_>, digits: u8) -> Batches {
        py.detach(|| Batches::of(self.run.record_batch()).with_digits(digits))
    }

    fn rows(&self) -> usize {
        self.run.rows()
    }

    fn fingerprint(&self) -> String {
        self.run.fingerprint()
    }

    fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.run.as_of().map(|day| date_to_python(py, day)).transpose()
    }

    /// The values of the run, as they were given or by their defaults.
    fn given<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.run.given())
    }

    /// What is doubtful about the run as a whole, as JSON.
    fn notes(&self, py: Python<'_>) -> String {
        py.detach(|| notes_json(&self.run.notes()))
    }

    /// How the questions of an examination did, as JSON.
    fn exam_statistics(&self, py: Python<'_>, exam: &str) -> PyResult<String> {
        let found = py.detach(|| self.run.exam_statistics(exam).map(|found| exam_statistics_json(&found)));
        found.map_err(|error| data_error(py, &error))
    }

    /// How far the raters of an appraisal agree: the sheets that are not counted, and of each role its name, how many
    /// sheets, raters and people rated there are, the agreement on the whole sheet, and that on each item.
    fn agreement(&self, py: Python<'_>, rating: &str, incomplete: Option<&str>) -> PyResult<(Vec<u32>, Vec<OfRole>)> {
        let incomplete = Incomplete::from_word(incomplete).map_err(|error| data_error(py, &error))?;
        let found = py.detach(|| self.run.agreement(rating, incomplete)).map_err(|error| data_error(py, &error))?;
        let item = |(item, agreement): (std::sync::Arc<str>, _)| (item.to_string(), Agreement::of(agreement));
        let role = |role: RoleAgreement| {
            let counts = (role.sheets, role.raters, role.ratees);
            let items = role.items.into_iter().map(item).collect();
            (role.role.to_string(), counts, Agreement::of(role.whole), items)
        };
        Ok((found.left_out, found.roles.into_iter().map(role).collect()))
    }

    /// Whether every cell of every row has come out, and no figure is provisional.
    fn is_complete(&self) -> bool {
        self.run.is_complete()
    }

    /// Every empty cell and provisional figure with its reason, by column: a list for each of the names Python has.
    fn problems<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let mut told = Problems::new(py);
        for rows in self.run.incomplete().chunks(TOLD) {
            let problems = |row: &usize| (*row, self.run.key(*row), self.run.problems(*row));
            // told again from the row, so that a run does not carry sentences nobody asks for
            let found: Vec<_> = py.detach(|| rows.iter().map(problems).collect());
            for (row, key, problems) in found {
                problems.into_iter().try_for_each(|problem| told.add(row, &key, problem))?;
            }
            py.check_signals()?;
        }
        told.into_columns()
    }

    /// Why the figures of a row are what they are.
    fn explain(&self, py: Python<'_>, row: usize, column: Option<&str>) -> PyResult<Explanation> {
        let explanation = py.detach(|| self.run.explain(row, column));
        explanation.map(Explanation::of).map_err(|error| data_error(py, &error))
    }

    /// The report of the person in a row.
    fn report(&self, py: Python<'_>, row: usize) -> PyResult<Report> {
        let report = py.detach(|| self.run.report(row));
        report.map(Report::of_person).map_err(|error| data_error(py, &error))
    }

    /// The reports of the people in these rows as one text: `md`, `html` or `json`; nothing for another form.
    fn reports(&self, py: Python<'_>, rows: Vec<usize>, format: &str, chinese: bool) -> PyResult<Option<String>> {
        let Some(format) = Format::from_name(format) else { return Ok(None) };
        let mut text = String::new();
        let mut pieces = self.run.reports(rows, format, language(chinese));
        while let Some(piece) = py.detach(|| pieces.next()) {
            text.push_str(&piece);
            py.check_signals()?;
        }
        Ok(Some(text))
    }

    /// The report of all people together, and of the teams a column forms.
    fn team_report(&self, py: Python<'_>, by: Option<&str>) -> PyResult<Report> {
        let report = py.detach(|| self.run.team_report(by));
        report.map(Report::of_team).map_err(|error| data_error(py, &error))
    }

    /// The row of a key.
    fn row_named(&self, py: Python<'_>, key: &str) -> PyResult<usize> {
        self.run.row_named(key).map_err(|error| data_error(py, &error))
    }
}

/// Problems of rows on their way out, by column.
pub(crate) struct Problems<'py> {
    py: Python<'py>,
    columns: [(&'static str, Bound<'py, PyList>); 10],
    /// Lists of who is left out; people of one group have the same.
    left_out: HashMap<Vec<String>, Bound<'py, PyTuple>>,
}

impl<'py> Problems<'py> {
    pub(crate) fn new(py: Python<'py>) -> Self {
        let columns = [
            "row",
            "key",
            "column",
            "code",
            "message",
            "message_zh",
            "blocked_by",
            "detail",
            "detail_line",
            "left_out",
        ];
        Self { py, columns: columns.map(|name| (name, PyList::empty(py))), left_out: HashMap::new() }
    }

    pub(crate) fn add(&mut self, row: usize, key: &str, problem: Problem) -> PyResult<()> {
        let py = self.py;
        let [rows, keys, columns, codes, messages, messages_zh, blocked, details, lines, left_out] = &self.columns;
        rows.1.append(row.saturating_add(1))?;
        keys.1.append(key)?;
        columns.1.append(&*problem.column)?;
        codes.1.append(problem.code.id())?;
        messages.1.append(problem.message.en)?;
        messages_zh.1.append(problem.message.zh)?;
        blocked.1.append(problem.blocked_by.as_deref())?;
        details.1.append(problem.detail.as_ref().map(|(table, _)| &**table))?;
        lines.1.append(problem.detail.as_ref().map(|(_, line)| *line))?;
        if problem.code != Code::Provisional {
            return left_out.1.append(py.None());
        }
        if let Some(known) = self.left_out.get(&problem.left_out) {
            return left_out.1.append(known);
        }
        let list = PyTuple::new(py, &problem.left_out)?;
        left_out.1.append(&list)?;
        self.left_out.insert(problem.left_out, list);
        Ok(())
    }

    pub(crate) fn into_columns(self) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(self.py);
        self.columns.into_iter().try_for_each(|(name, column)| columns.set_item(name, column))?;
        Ok(columns)
    }
}
