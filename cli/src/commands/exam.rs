//! `kaohe exam`: how the questions of an examination did.

use std::io::{self, Write};

use kaohe::boundary::exam_statistics_json;
use kaohe::number::Number;
use kaohe::plan::DetailKind;
use kaohe::run::{ExamStatistics, QuestionStatistics};
use kaohe_grammar::{Message, say};

use super::facts::facts;
use super::files::Files;
use super::population::scored;
use super::{CLEAN, ERRORS, Failure, names, read_scheme};
use crate::arguments::Exam;
use crate::language::Language;
use crate::output::terminal::{View, render};
use crate::output::{Content, FileKind, Kind, OutputCell, OutputColumn, OutputTable, save};

pub(super) fn run(exam: &Exam, language: Language) -> Result<u8, Failure> {
    if let Some(path) = &exam.out {
        FileKind::of_path(path).map_err(|each| Failure::from(each).usage())?;
    }
    let scheme = read_scheme(&exam.scheme, Some(&exam.data), language)?;
    names::check(&[&scheme], &exam.data)?;
    let name = match &exam.name {
        Some(name) => names::folded(name),
        None => scheme.only_table(DetailKind::Answers).map_err(|error| Failure::from(error).usage())?.to_owned(),
    };
    let files = Files::read(&[&scheme], &exam.data, language)?;
    let facts = facts(&scheme, &files, &exam.data)?;
    drop(files);
    let (run, _) = scored(&scheme, facts, language)?;
    let statistics = run.exam_statistics(&name).map_err(|error| Failure::from(error).usage())?;
    let questions = Questions { table: table(&statistics, language), statistics: &statistics };
    match &exam.out {
        Some(path) => save(path, &questions)?,
        None => {
            put!("{}", render(&questions.table, View::of_stdout(language)));
        }
    }
    put_line!("{}", language.of(&summary(&statistics)));
    if statistics.left_out.is_empty() {
        return Ok(CLEAN);
    }
    let lines: Vec<String> = statistics.left_out.iter().map(ToString::to_string).collect();
    let lines = lines.join(", ");
    let told = say!("not counted, for answers that cannot be one: lines {lines}", "以下行有无效作答，未计入：{lines}");
    eprintln!("{}", language.of(&told));
    Ok(ERRORS)
}

fn summary(statistics: &ExamStatistics) -> Message {
    let ExamStatistics { exam, sheets, group, mean, .. } = statistics;
    let Some(mean) = decimal(mean.as_ref()) else {
        return say!("{exam}: no sheets that count", "{exam}：没有可计入的答卷");
    };
    let each = if *sheets == 1 { "sheet" } else { "sheets" };
    say!(
        "{exam}: {sheets} {each}, mean {mean} of full marks; upper and lower group of {group} each",
        "{exam}：{sheets} 份答卷，平均得分率 {mean}；高分组、低分组各 {group} 份"
    )
}

/// What is written of an exam: its questions; as JSON all that is known of it.
struct Questions<'s> {
    table: OutputTable,
    statistics: &'s ExamStatistics,
}

impl Content for Questions<'_> {
    fn sheets(&self) -> Vec<(&str, &OutputTable)> {
        vec![(&self.statistics.exam, &self.table)]
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", exam_statistics_json(self.statistics))
    }
}

/// A question a row.
fn table(statistics: &ExamStatistics, language: Language) -> OutputTable {
    let number = Kind::Number { places: None };
    let columns = [
        (say!("part", "题型"), Kind::Text),
        (say!("question", "题号"), Kind::Text),
        (say!("key", "标准答案"), Kind::Text),
        (say!("right", "全对人数"), number),
        (say!("blank", "未答人数"), number),
        (say!("invalid", "无效作答人数"), number),
        (say!("difficulty", "难度"), number),
        (say!("discrimination", "区分度"), number),
        (say!("correlation", "相关系数"), number),
    ];
    let columns = columns.map(|(name, kind)| OutputColumn::new(language.of(&name), kind)).to_vec();
    OutputTable { columns, rows: statistics.questions.iter().map(row).collect() }
}

fn row(question: &QuestionStatistics) -> Vec<OutputCell> {
    let text = |text: &str| OutputCell::Text(text.to_owned());
    let count = |count: usize| OutputCell::Number(count.to_string());
    let figure = |figure: &Option<Number>| decimal(figure.as_ref()).map_or(OutputCell::Empty, OutputCell::Number);
    let QuestionStatistics { part, question, key, blank, invalid, right, difficulty, discrimination, correlation } =
        question;
    let mut cells = vec![text(part), text(question), text(key), count(*right), count(*blank), count(*invalid)];
    cells.extend([difficulty, discrimination, correlation].map(figure));
    cells
}

/// At most twelve decimals.
pub(super) fn decimal(number: Option<&Number>) -> Option<String> {
    let published = number?.to_published(None).ok()?;
    Some(published.value.normalize().to_string())
}
