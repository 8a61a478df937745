//! `kaohe compare`: the same people under two schemes, who changes, and by which columns.

use std::io::{self, Write};

use kaohe::compare::{Change, ColumnSummary, Comparison, Movement, Reading, compare};
use kaohe::number::{Number, RoundingMode, UNROUNDED_PLACES};
use kaohe::{Figure, Run, Scheme};
use kaohe_grammar::{Message, say};

use super::facts::facts;
use super::files::Files;
use super::population::scored;
use super::problems::note_text;
use super::results::{about, cell};
use super::{CLEAN, ERRORS, Failure, names, read_scheme};
use crate::arguments::Compare;
use crate::language::Language;
use crate::output::about::{About, pair};
use crate::output::summary::Summary;
use crate::output::terminal::View;
use crate::output::{Content, FileKind, Kind, OutputCell, OutputColumn, OutputTable, save};

pub(super) fn run(asked: &Compare, language: Language) -> Result<u8, Failure> {
    if let Some(path) = &asked.out {
        FileKind::of_path(path).map_err(|problem| Failure::from(problem).usage())?;
    }
    let old = read_scheme(&asked.old, Some(&asked.data), language)?;
    let new = read_scheme(&asked.new, Some(&asked.data), language)?;
    let both = [&old, &new];
    names::check(&both, &asked.data)?;
    let files = Files::read(&both, &asked.data, language)?;
    let summary = Summary { totals: files.totals(), ..Summary::default() };
    let of_scheme = |scheme: &Scheme| facts(scheme, &files, &asked.data);
    let (old_facts, new_facts) = (of_scheme(&old)?, of_scheme(&new)?);
    drop(files);
    let (old, _) = scored(&old, old_facts, language)?;
    let (new, _) = scored(&new, new_facts, language)?;

    let found = compare(&old, &new);
    let view = View::of_stdout(language);
    if asked.out.is_some() || view.width.is_some() && found.changed.len() > view.rows {
        put!("{}", found.summary_text(language.into()));
    } else {
        put!("{}", found.to_text(language.into()));
    }
    put!("\n");
    let left_out = summary.left_out(language);
    for line in &left_out {
        put_line!("{line}");
    }
    let (was, is) = (about(&old), about(&new));
    put!("{}", language.of(&say!("old: {}new: {}", "旧：{}新：{}", was.render(language), is.render(language))));
    match &asked.out {
        Some(path) => save(path, &Changes::of(&found, (&new, &was, &is), left_out, language))?,
        None if view.width.is_some() && found.changed.len() > view.rows => {
            eprintln!("{}", language.of(&say!("`--out FILE` writes every change", "`--out 文件` 可写出全部变化")))
        }
        None => {}
    }
    for (run, which) in [(&old, say!("old", "旧")), (&new, say!("new", "新"))] {
        for note in run.notes() {
            eprintln!("{}: {}", language.of(&which), note_text(&note, language));
        }
    }
    if old.is_complete() && new.is_complete() {
        return Ok(CLEAN);
    }
    let why =
        say!("`kaohe score` says why figures are empty or provisional", "空值和暂定值的原因请用 `kaohe score` 查看");
    eprintln!("{}", language.of(&why));
    Ok(ERRORS)
}

/// A comparison as it is written to a file.
struct Changes<'c> {
    found: &'c Comparison,
    /// A line for each figure that changed, then for each person of one run only.
    changes: OutputTable,
    columns: OutputTable,
    about: OutputTable,
    language: Language,
}

impl<'c> Changes<'c> {
    fn of(
        found: &'c Comparison,
        (run, old, new): (&Run, &About, &About),
        left_out: Vec<String>,
        language: Language,
    ) -> Self {
        let word = |message: Message| language.of(&message).to_owned();
        let more = left_out.into_iter().map(|text| (word(say!("left out", "未计入")), OutputCell::Text(text)));
        let about = pair(old, new, language, more.collect());
        Self { found, changes: changes(found, run, language), columns: columns(found, language), about, language }
    }
}

impl Content for Changes<'_> {
    fn sheets(&self) -> Vec<(&str, &OutputTable)> {
        let names = match self.language {
            Language::English => ["changes", "columns"],
            Language::Chinese => ["变化", "各列"],
        };
        let [changes, columns] = names;
        vec![(changes, &self.changes), (columns, &self.columns), (About::sheet(self.language), &self.about)]
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.found.to_json())
    }
}

fn changes(found: &Comparison, run: &Run, language: Language) -> OutputTable {
    let word = |message: Message| language.of(&message).to_owned();
    let text = |message: Message| OutputCell::Text(language.of(&message).to_owned());
    let mut rows: Vec<Vec<OutputCell>> = Vec::new();
    for person in &found.changed {
        for change in &person.changes {
            rows.push(vec![
                OutputCell::Text(person.key.clone()),
                OutputCell::Text(change.column.to_string()),
                reading(&change.old),
                reading(&change.new),
                change.difference.as_ref().map_or(OutputCell::Empty, number),
                OutputCell::Text(what(change, language)),
                OutputCell::Text(change.because.to_text(language.into())),
            ]);
        }
    }
    for (keys, only) in [
        (&found.only_old, say!("only in the old run", "只在旧结果中")),
        (&found.only_new, say!("only in the new run", "只在新结果中")),
    ] {
        rows.extend(keys.iter().map(|key| {
            let empty = || OutputCell::Empty;
            vec![OutputCell::Text(key.clone()), empty(), empty(), empty(), empty(), text(only.clone())]
        }));
    }
    let key = run.scheme().key().map_or_else(|| word(say!("key", "键")), |key| key.name.to_string());
    let column = |name: String| OutputColumn::new(name, Kind::Text);
    let columns = vec![
        column(key),
        column(word(say!("column", "列"))),
        column(word(say!("old", "旧"))),
        column(word(say!("new", "新"))),
        OutputColumn::new(word(say!("difference", "差额")), Kind::Number { places: None }),
        column(word(say!("change", "变化"))),
        column(word(say!("because", "原因"))),
    ];
    OutputTable { columns, rows }
}

/// Which way it went, and what may not hold.
fn what(change: &Change, language: Language) -> String {
    let movement = match change.movement {
        Some(Movement::Up) => Some(say!("up", "升")),
        Some(Movement::Down) => Some(say!("down", "降")),
        Some(Movement::Elsewhere) | None => None,
    };
    let old = change.old.provisional.then(|| say!("old provisional", "旧值暂定"));
    let new = change.new.provisional.then(|| say!("new provisional", "新值暂定"));
    let comma = match language {
        Language::English => ", ",
        Language::Chinese => "，",
    };
    let each: Vec<String> =
        [movement, old, new].into_iter().flatten().map(|each| language.of(&each).to_owned()).collect();
    each.join(comma)
}

/// What became of each column, over everybody.
fn columns(found: &Comparison, language: Language) -> OutputTable {
    let count = |count: usize| OutputCell::Number(count.to_string());
    let rows = found.columns.iter().map(|summary| {
        let ColumnSummary { column, changed, empty, provisional, numbers, .. } = summary;
        let mut row = vec![OutputCell::Text(column.to_string()), count(*changed)];
        match numbers {
            Some(numbers) => row.extend([
                count(numbers.up),
                count(numbers.down),
                number(&numbers.old_total),
                number(&numbers.new_total),
                number(&numbers.difference()),
                numbers.mean().as_ref().map_or(OutputCell::Empty, number),
            ]),
            None => row.resize(8, OutputCell::Empty),
        }
        row.extend([empty.0, empty.1, provisional.0, provisional.1].map(count));
        row
    });
    let rows = rows.collect();
    let figures = [
        say!("changed", "变化人数"),
        say!("up", "升"),
        say!("down", "降"),
        say!("old total", "旧合计"),
        say!("new total", "新合计"),
        say!("difference", "差额"),
        say!("mean difference", "人均差额"),
        say!("empty, old", "旧空值"),
        say!("empty, new", "新空值"),
        say!("provisional, old", "旧暂定值"),
        say!("provisional, new", "新暂定值"),
    ];
    let figures = figures.iter().map(|name| OutputColumn::new(language.of(name), Kind::Number { places: None }));
    let first = OutputColumn::new(language.of(&say!("column", "列")), Kind::Text);
    OutputTable { columns: std::iter::once(first).chain(figures).collect(), rows }
}

/// A figure, or the code of why there is none.
fn reading(reading: &Reading) -> OutputCell {
    match &reading.figure {
        Figure::Empty(code) => OutputCell::Text(format!("[{}]", code.id())),
        figure => cell(figure),
    }
}

/// A number as decimal text: all of it, or twelve decimals where there are more.
fn number(number: &Number) -> OutputCell {
    let all = number.decimal_scale().is_some_and(|scale| scale <= UNROUNDED_PLACES);
    let rounded = || number.round(UNROUNDED_PLACES.cast_signed(), RoundingMode::HalfUp);
    OutputCell::Number(if all { number.to_string() } else { rounded().to_string() })
}
