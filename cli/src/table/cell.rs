//! What stands in one cell, and the readings of it: number, yes or no, date, text, identifier.

use compact_str::CompactString;
use kaohe_grammar::say;

use super::{
    Date,
    date::{date_from_serial, read_date},
    fold,
    number::{exact_number, is_cut_short},
    problem::{Code, Problem, shortened},
};

/// What stands in one cell, before anyone has said what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RawCell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as it stands in a CSV or in a text cell; a number that is kept digit by digit, as in JSON, is its text, too.
    Text(CompactString),
    /// A binary number, as a workbook stores them all.
    Number(StoredNumber),
    /// A truth value that a workbook stores.
    Truth(bool),
    /// A day: a whole number that a workbook shows as a date.
    Date(Date),
    /// An error of the spreadsheet, `#DIV/0!`.
    Error(CompactString),
    /// A formula that was written into the workbook and never calculated.
    NotCalculated,
}

/// A binary number as a workbook or another file stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNumber {
    /// The shortest decimal text of the stored binary number, without an exponent: `0.1` for one tenth.
    pub text: CompactString,
    /// How the workbook shows it, as far as that matters to its meaning.
    pub format: NumberFormat,
}

/// What the number format of a cell says about the meaning of the number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberFormat {
    /// Nothing; the calendar counts from 1900.
    #[default]
    Plain,
    /// Nothing; the calendar of this workbook counts from 1904.
    PlainFrom1904,
    /// Shown as a percentage: 0.85 is shown as 85%, and means 0.85.
    Percent,
    /// Shown with at least so many digits, as identifiers are: 123 is shown as 000123.
    Padded(u8),
    /// Shown as a time of day or a duration, or as a date that does not exist.
    Time,
    /// Nothing, as it is from no workbook: a whole number is not the serial of a day.
    Float,
}

/// The digits that survive in a number of a spreadsheet.
const DIGITS_KEPT: usize = 15;

impl RawCell {
    /// A text cell; nothing when there is no text at all.
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }

    /// Whether the cell looks empty: nothing in it, or only spaces.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => fold::trimmed(text).is_empty(),
            _ => false,
        }
    }

    /// The number in the cell as exact decimal text, nothing when the cell is empty.
    ///
    /// Text is read as [`exact_number`] does; a stored number is its shortest decimal text, so a cell shown as
    /// 85% is `0.85`.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the cell is not a number, and never a guess. A whole stored number beyond 2^53 is
    /// refused: its last digits are not the ones that were typed.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::RawCell;
    ///
    /// assert_eq!(RawCell::text("(1,234.50)").as_number_text().unwrap().as_deref(), Some("-1234.5"));
    /// assert!(RawCell::Truth(true).as_number_text().is_err());
    /// ```
    pub fn as_number_text(&self) -> Result<Option<String>, Problem> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) => exact_number(text),
            Self::Number(number) if number.format == NumberFormat::Time => Err(Problem::new(
                Code::WrongKind,
                say!("the cell is a time of day or a duration, not a number", "单元格是时刻或时长，不是数字"),
            )
            .help(say!("format the cell as a number", "请把单元格格式改为数值"))),
            Self::Number(number) if is_beyond_whole_floats(&number.text) => Err(number.lost_digits()),
            Self::Number(number) => Ok(Some(number.text.to_string())),
            Self::Truth(truth) => Err(wrong_kind(spreadsheet_truth(*truth), say!("a number", "数字"))),
            Self::Date(date) => Err(wrong_kind(&date.to_string(), say!("a number", "数字"))
                .help(say!("format the cell as a number", "请把单元格格式改为数值"))),
            Self::Error(_) | Self::NotCalculated => Err(self.error()),
        }
    }

    /// Yes or no, nothing when the cell is empty: 是/否, 1/0, √/×, 对/错, 真/假, true/false, yes/no, y/n.
    ///
    /// # Errors
    ///
    /// A [`Problem`] for anything else; an empty cell is missing, it is not a no.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::RawCell;
    ///
    /// assert_eq!(RawCell::text("√").as_truth().unwrap(), Some(true));
    /// assert_eq!(RawCell::text("").as_truth().unwrap(), None);
    /// ```
    pub fn as_truth(&self) -> Result<Option<bool>, Problem> {
        let text = match self {
            Self::Empty => return Ok(None),
            Self::Text(text) => text,
            Self::Number(number) => &number.text,
            Self::Truth(truth) => return Ok(Some(*truth)),
            Self::Date(date) => return Err(not_a_truth(&date.to_string())),
            Self::Error(_) | Self::NotCalculated => return Err(self.error()),
        };
        let folded: String = fold::trimmed(text).chars().map(fold::half_width).collect();
        match folded.to_lowercase().as_str() {
            "" => Ok(None),
            "是" | "1" | "√" | "✓" | "✔" | "☑" | "对" | "真" | "true" | "yes" | "y" => Ok(Some(true)),
            "否" | "0" | "×" | "✗" | "✘" | "✕" | "☒" | "错" | "假" | "false" | "no" | "n" => {
                Ok(Some(false))
            }
            _ => Err(not_a_truth(text)),
        }
    }

    /// The day in the cell, nothing when the cell is empty.
    ///
    /// Text is read as [`read_date`](super::read_date) does. A stored number is a day when the workbook shows it as one; a plain
    /// stored number is the serial of a day between 1950 and 2099, or eight digits such as 20260701.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when it is not a day. A plain number such as 2026 is not taken for a day in 1905.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::{Date, RawCell};
    ///
    /// assert_eq!(RawCell::text("2026/7/1").as_date().unwrap(), Date::new(2026, 7, 1));
    /// // In a text file a bare number is not a date.
    /// assert!(RawCell::text("46204").as_date().is_err());
    /// ```
    pub fn as_date(&self) -> Result<Option<Date>, Problem> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) => read_date(text),
            Self::Date(date) => Ok(Some(*date)),
            Self::Number(number) => number.as_date().map(Some),
            Self::Truth(truth) => Err(wrong_kind(spreadsheet_truth(*truth), say!("a date", "日期"))),
            Self::Error(_) | Self::NotCalculated => Err(self.error()),
        }
    }

    /// The text in the cell, trimmed; nothing when the cell is empty. A stored number is its digits as shown.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the digits are not the ones that were typed: numbers past 15 digits, and dates that a
    /// spreadsheet may have made of a text such as `1-2`.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::RawCell;
    ///
    /// assert_eq!(RawCell::text(" 对公 ").as_text().unwrap().as_deref(), Some("对公"));
    /// ```
    pub fn as_text(&self) -> Result<Option<String>, Problem> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) => Ok(Some(fold::trimmed(text).to_owned()).filter(|text| !text.is_empty())),
            Self::Number(number) => number.as_shown().map(Some),
            Self::Truth(truth) => Ok(Some(spreadsheet_truth(*truth).to_owned())),
            Self::Date(date) => Err(date_for_text(*date)),
            Self::Error(_) | Self::NotCalculated => Err(self.error()),
        }
    }

    /// The identifier in the cell: its text with leading zeros kept, nothing when the cell is empty.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the identifier has been damaged by a spreadsheet: a number of more than 15 digits, digits
    /// cut short as in `6.22202E+18`, a fraction, or a date.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::RawCell;
    ///
    /// assert_eq!(RawCell::text("00123").as_identifier().unwrap().as_deref(), Some("00123"));
    /// assert!(RawCell::text("6.22202E+18").as_identifier().is_err());
    /// ```
    pub fn as_identifier(&self) -> Result<Option<String>, Problem> {
        match self {
            Self::Text(text) if is_cut_short(fold::trimmed(text)) => Err(lost_digits(text)),
            Self::Number(number) if number.text.contains('.') => {
                Err(wrong_kind(&number.text, say!("an identifier", "编号")).help(as_text_format()))
            }
            Self::Truth(truth) => Err(wrong_kind(spreadsheet_truth(*truth), say!("an identifier", "编号"))),
            _ => self.as_text(),
        }
    }

    /// The problem that an error cell is, whatever it is read as.
    fn error(&self) -> Problem {
        match self {
            Self::Error(error) => Problem::new(
                Code::ErrorCell,
                say!("the cell holds the spreadsheet error `{error}`", "单元格是表格错误值 `{error}`"),
            )
            .help(say!("correct the formula in the spreadsheet", "请在表格中改正公式")),
            _ => Problem::new(
                Code::NotCalculated,
                say!("the cell holds a formula that was never calculated", "单元格中的公式从未计算过"),
            )
            .help(say!("open the workbook in a spreadsheet program and save it", "请用表格软件打开该工作簿并保存")),
        }
    }
}

impl StoredNumber {
    fn as_date(&self) -> Result<Date, Problem> {
        // From 1950 to 2099: a plain number outside is more likely a year, an amount or a code.
        let (first, last) = (18_264, 73_050);
        let from_1904 = match self.format {
            NumberFormat::Plain => false,
            NumberFormat::PlainFrom1904 => true,
            _ => return Err(wrong_kind(&self.text, say!("a date", "日期"))),
        };
        let shift = if from_1904 { 1462 } else { 0 };
        let found = match self.text.parse::<u32>() {
            Ok(serial) if (first..=last).contains(&(serial.saturating_add(shift))) => {
                date_from_serial(serial, from_1904)
            }
            Ok(_) if self.text.len() == 8 => read_date(&self.text)?,
            _ => None,
        };
        found.ok_or_else(|| {
            wrong_kind(&self.text, say!("a date", "日期"))
                .help(say!("format the cell as a date", "请把单元格格式改为日期"))
        })
    }

    /// The digits as the workbook shows them, when they are the ones that were typed.
    fn as_shown(&self) -> Result<String, Problem> {
        let digits = self.text.strip_prefix('-').unwrap_or(&self.text);
        if !digits.contains('.') && digits.len() > DIGITS_KEPT {
            return Err(self.lost_digits());
        }
        match self.format {
            NumberFormat::Padded(width) if digits.len() == self.text.len() && !digits.contains('.') => {
                Ok(format!("{digits:0>width$}", width = usize::from(width)))
            }
            _ => Ok(self.text.to_string()),
        }
    }

    fn lost_digits(&self) -> Problem {
        if self.format != NumberFormat::Float {
            return lost_digits(&self.text);
        }
        Problem::new(
            Code::LostDigits,
            say!(
                "`{}` is a number past 15 digits, and a binary float does not keep more",
                "`{}` 超过 15 位，二进制浮点数保留不了更多位数",
                shortened(&self.text)
            ),
        )
        .help(say!("store the column as whole numbers, decimals or text", "请把该列存为整数、十进制数或文本"))
    }
}

/// Whether the text is a whole number larger than 2^53, up to which binary numbers hold every whole number.
fn is_beyond_whole_floats(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.contains('.') && digits.parse::<u64>().map_or(true, |whole| whole > 1 << 53)
}

fn spreadsheet_truth(truth: bool) -> &'static str {
    if truth { "TRUE" } else { "FALSE" }
}

fn wrong_kind(text: &str, expected: kaohe_grammar::Message) -> Problem {
    let shown = shortened(text);
    Problem::new(
        Code::WrongKind,
        kaohe_grammar::Message::new(
            format!("`{shown}` is not {}", expected.en),
            format!("`{shown}` 不是{}", expected.zh),
        ),
    )
}

fn not_a_truth(text: &str) -> Problem {
    Problem::new(Code::NotATruth, say!("`{}` is neither yes nor no", "`{}` 既不是“是”也不是“否”", shortened(text)))
        .help(say!(
            "write 是 or 否, 1 or 0, √ or ×, true or false; an empty cell is a missing value",
            "请写 是/否、1/0、√/× 或 true/false；空单元格表示没有数据"
        ))
}

fn as_text_format() -> kaohe_grammar::Message {
    say!(
        "format the column as text, then enter the values again from their source",
        "请先把该列格式设为文本，再从原始数据重新录入"
    )
}

fn lost_digits(text: &str) -> Problem {
    Problem::new(
        Code::LostDigits,
        say!(
            "`{}` is a number past 15 digits, and a spreadsheet does not keep more",
            "`{}` 超过 15 位，表格软件保留不了更多位数",
            shortened(text)
        ),
    )
    .help(as_text_format())
}

fn date_for_text(date: Date) -> Problem {
    wrong_kind(&date.to_string(), say!("text but a date", "文本，而是日期")).help(as_text_format())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str, format: NumberFormat) -> RawCell {
        RawCell::Number(StoredNumber { text: text.into(), format })
    }

    fn plain(text: &str) -> RawCell {
        stored(text, NumberFormat::Plain)
    }

    #[test]
    fn stored_numbers_are_their_text() {
        assert_eq!(plain("0.1").as_number_text().unwrap().as_deref(), Some("0.1"));
        assert_eq!(stored("0.85", NumberFormat::Percent).as_number_text().unwrap().as_deref(), Some("0.85"));
        assert_eq!(plain("9007199254740992").as_number_text().unwrap().as_deref(), Some("9007199254740992"));
        for beyond in ["9007199254740994", "-10000000000000000", &"1".repeat(300)] {
            assert_eq!(plain(beyond).as_number_text().unwrap_err().code, Code::LostDigits, "{beyond}");
        }
        assert_eq!(stored("0.5", NumberFormat::Time).as_number_text().unwrap_err().code, Code::WrongKind);
    }

    #[test]
    fn identifiers_are_whole_or_refused() {
        assert_eq!(RawCell::text(" 001 ").as_identifier().unwrap().as_deref(), Some("001"));
        assert_eq!(plain("1001").as_identifier().unwrap().as_deref(), Some("1001"));
        assert_eq!(stored("123", NumberFormat::Padded(6)).as_identifier().unwrap().as_deref(), Some("000123"));
        assert_eq!(plain("999999999999999").as_identifier().unwrap().as_deref(), Some("999999999999999"));
        assert_eq!(plain("1000000000000000").as_identifier().unwrap_err().code, Code::LostDigits);
        assert_eq!(plain("1000000000000000").as_text().unwrap_err().code, Code::LostDigits);
        assert_eq!(RawCell::text("6.22202E+18").as_identifier().unwrap_err().code, Code::LostDigits);
        // As text, an identifier may be as long as it likes.
        assert_eq!(
            RawCell::text("622202123456789012345").as_identifier().unwrap().as_deref(),
            Some("622202123456789012345")
        );
        assert_eq!(plain("1.5").as_identifier().unwrap_err().code, Code::WrongKind);
        assert_eq!(plain("1.5").as_text().unwrap().as_deref(), Some("1.5"));
        let made_of_1_2 = RawCell::Date(Date::new(2026, 1, 2).unwrap());
        assert_eq!(made_of_1_2.as_identifier().unwrap_err().code, Code::WrongKind);
        assert_eq!(made_of_1_2.as_text().unwrap_err().code, Code::WrongKind);
        assert_eq!(RawCell::text(" \u{3000}").as_identifier().unwrap(), None);
    }

    #[test]
    fn yes_and_no() {
        for yes in ["是", "1", "１", "√", "✓", "TRUE", "Yes", "对", "ｙ"] {
            assert_eq!(RawCell::text(yes).as_truth().unwrap(), Some(true), "{yes}");
        }
        for no in ["否", "0", "×", "✗", "false", "NO", "错"] {
            assert_eq!(RawCell::text(no).as_truth().unwrap(), Some(false), "{no}");
        }
        assert_eq!(plain("1").as_truth().unwrap(), Some(true));
        assert_eq!(RawCell::Truth(false).as_truth().unwrap(), Some(false));
        assert_eq!(RawCell::text(" ").as_truth().unwrap(), None);
        for neither in ["2", "有", "-", "是的", "0.0"] {
            assert_eq!(RawCell::text(neither).as_truth().unwrap_err().code, Code::NotATruth, "{neither}");
        }
        assert_eq!(plain("2").as_truth().unwrap_err().code, Code::NotATruth);
    }

    #[test]
    fn plain_numbers_as_days() {
        assert_eq!(plain("46204").as_date().unwrap(), Date::new(2026, 7, 1));
        assert_eq!(stored("44742", NumberFormat::PlainFrom1904).as_date().unwrap(), Date::new(2026, 7, 1));
        assert_eq!(plain("20260701").as_date().unwrap(), Date::new(2026, 7, 1));
        for number in ["2026", "202607", "46204.5", "-46204", "99999999", "20261301"] {
            assert!(plain(number).as_date().is_err(), "{number}");
        }
    }

    #[test]
    fn error_cells_are_errors_however_they_are_read() {
        for (cell, code) in
            [(RawCell::Error("#DIV/0!".into()), Code::ErrorCell), (RawCell::NotCalculated, Code::NotCalculated)]
        {
            assert_eq!(cell.as_number_text().unwrap_err().code, code);
            assert_eq!(cell.as_truth().unwrap_err().code, code);
            assert_eq!(cell.as_date().unwrap_err().code, code);
            assert_eq!(cell.as_text().unwrap_err().code, code);
            assert_eq!(cell.as_identifier().unwrap_err().code, code);
            assert!(!cell.is_blank());
        }
    }
}
