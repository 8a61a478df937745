//! What came of a run, in a few lines.

use unicode_width::UnicodeWidthStr as _;

use crate::{language::Language, table::listed};

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The rows that were scored.
    pub rows: usize,
    /// Of these, the rows in which some cell could not be computed.
    pub rows_with_errors: usize,
    /// Of these, the rows with a figure that a left-out row could have changed.
    pub provisional_rows: usize,
    /// The lines of total rows, which are left out, by detail table; nothing stands for the table of people.
    pub totals: Vec<(Option<String>, Vec<usize>)>,
    /// How many have each grade, best first, by grading.
    pub grades: Vec<GradeCounts>,
}

/// How many have each grade of one grading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GradeCounts {
    /// The name of the grading.
    pub grading: String,
    /// The grades, best first, and how many have each.
    pub counts: Vec<(String, usize)>,
}

impl Summary {
    /// Whether every row was scored without an error and for good.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.rows_with_errors == 0 && self.provisional_rows == 0
    }

    /// The summary as text, a fact to a line.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::{language::Language, output::summary::{GradeCounts, Summary}};
    ///
    /// let counts = vec![("高级".into(), 14), ("中级".into(), 36), ("初级".into(), 21)];
    /// let summary = Summary {
    ///     rows: 71,
    ///     rows_with_errors: 1,
    ///     totals: vec![(None, vec![73])],
    ///     grades: vec![GradeCounts { grading: "级别".into(), counts }],
    ///     ..Summary::default()
    /// };
    /// let expected = "\
    /// 71 rows scored, 1 with errors
    /// 1 total row left out: line 73
    /// 级别: 高级 14, 中级 36, 初级 21
    /// ";
    /// assert_eq!(summary.render(Language::English), expected);
    /// ```
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let mut out = String::new();
        let (rows, errors, provisional) = (self.rows, self.rows_with_errors, self.provisional_rows);
        match language {
            Language::English => {
                out.push_str(&format!("{} scored", counted(rows, "row")));
                out.push_str(&if errors == 0 {
                    ", none with errors".to_owned()
                } else {
                    format!(", {errors} with errors")
                });
                if provisional > 0 {
                    out.push_str(&format!(", {provisional} provisional"));
                }
            }
            Language::Chinese => {
                out.push_str(&format!("已计分 {rows} 行"));
                out.push_str(&if errors == 0 {
                    "，无错误".to_owned()
                } else {
                    format!("，有错误 {errors} 行")
                });
                if provisional > 0 {
                    out.push_str(&format!("，暂定 {provisional} 行"));
                }
            }
        }
        out.push('\n');
        for left_out in self.left_out(language) {
            out.push_str(&left_out);
            out.push('\n');
        }
        for grading in &self.grades {
            let (colon, comma) = match language {
                Language::English => (": ", ", "),
                Language::Chinese => ("：", "，"),
            };
            let counts = grading.counts.iter().map(|(grade, count)| format!("{grade} {count}"));
            let counts = counts.collect::<Vec<_>>().join(comma);
            // Many grades get a line each.
            if counts.width() > 76 {
                out.push_str(&format!("{}{}\n", grading.grading, colon.trim_end()));
                for (grade, count) in &grading.counts {
                    out.push_str(&format!("  {grade} {count}\n"));
                }
            } else {
                out.push_str(&format!("{}{colon}{counts}\n", grading.grading));
            }
        }
        out
    }

    /// The total rows that were left out, a line for each table.
    #[must_use]
    pub fn left_out(&self, language: Language) -> Vec<String> {
        let each = self.totals.iter().map(|(table, lines)| {
            let count = lines.len();
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            let lines = listed(&lines, language);
            match (language, table) {
                (Language::English, table) => {
                    let of = table.as_ref().map_or(String::new(), |table| format!(" of `{table}`"));
                    let word = if count == 1 { "line" } else { "lines" };
                    format!("{}{of} left out: {word} {lines}", counted(count, "total row"))
                }
                (Language::Chinese, Some(table)) => {
                    format!("明细表 `{table}` 的合计行 {count} 行未计入：第 {lines} 行")
                }
                (Language::Chinese, None) => format!("合计行 {count} 行未计分：第 {lines} 行"),
            }
        });
        each.collect()
    }
}

/// `1 row`, `2 rows`.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same() {
        let summary = Summary { rows: 1, provisional_rows: 1, ..Summary::default() };
        assert!(!summary.is_clean());
        assert_eq!(summary.render(Language::English), "1 row scored, none with errors, 1 provisional\n");
        assert_eq!(summary.render(Language::Chinese), "已计分 1 行，无错误，暂定 1 行\n");
        assert!(Summary { rows: 5, ..Summary::default() }.is_clean());
    }

    #[test]
    fn total_rows_are_told_by_table() {
        let totals = vec![(None, vec![73]), (Some("存款".to_owned()), vec![9, 12])];
        let summary = Summary { totals, ..Summary::default() };
        let en = ["1 total row left out: line 73", "2 total rows of `存款` left out: lines 9, 12"];
        assert_eq!(summary.left_out(Language::English), en);
        let zh = ["合计行 1 行未计分：第 73 行", "明细表 `存款` 的合计行 2 行未计入：第 9、12 行"];
        assert_eq!(summary.left_out(Language::Chinese), zh);
    }

    #[test]
    fn many_grades_get_a_line_each() {
        let counts = (1..=20).map(|grade| (format!("第{grade}档"), grade)).collect();
        let summary = Summary { grades: vec![GradeCounts { grading: "档次".into(), counts }], ..Summary::default() };
        assert!(summary.render(Language::Chinese).contains("\n档次：\n  第1档 1\n  第2档 2\n"));
    }
}
