//! Why a text, a float or a power is no number, or a number cannot be published.

use std::fmt;

use kaohe_grammar::{Message, say};

use crate::diagnostic::beginning;

/// Something that is no number, or a number that does not fit where it should go.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// The text is not a decimal number.
    NotANumber {
        /// The text as it was given, cut when it is long.
        text: String,
        /// What it was probably meant as.
        hint: Option<Hint>,
    },
    /// The text has more digits than [`MAX_DIGITS`](super::MAX_DIGITS), or an exponent that would.
    TooManyDigits,
    /// A float that is infinite.
    Infinite,
    /// A whole float so large that its neighbours are not one apart.
    InexactWhole {
        /// The float as text.
        text: String,
    },
    /// The value does not fit into 28 digits at its places.
    Overflow {
        /// The places it was to have.
        places: u32,
    },
    /// Zero to a negative power.
    DivisionByZero,
    /// A power too long to be computed.
    TooLarge,
}

/// What a text that is no number was probably meant as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Nothing at all: an empty text.
    Missing,
    /// `1,200`: digits with separators.
    Separators,
    /// `85%`: a percentage.
    Percent,
    /// `1.2e5`: a number with an exponent.
    Exponent,
    /// ` 5`: a number with white space around it.
    Space,
    /// `１２`: digits that are not the ASCII ones.
    OtherDigits,
}

impl NumberError {
    /// The error for a text that is no number.
    pub(super) fn not_a_number(text: &str) -> Self {
        Self::NotANumber { text: beginning(text), hint: Hint::of(text) }
    }

    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotANumber { hint: Some(Hint::Missing), .. } => {
                say!("a number was expected and the text is empty", "此处应为数字，但内容为空")
            }
            Self::NotANumber { text, .. } => say!("`{text}` is not a decimal number", "`{text}` 不是十进制数字"),
            Self::TooManyDigits => {
                say!("the number has more than {} digits", "数字超过 {} 位", super::MAX_DIGITS)
            }
            Self::Infinite => say!("an infinite number has no exact value", "无穷大没有精确值"),
            Self::InexactWhole { text } => say!(
                "`{text}` is a float beyond 2^53, where whole numbers are no longer exact",
                "浮点数 `{text}` 超过 2^53，整数部分已不精确"
            ),
            Self::Overflow { places } => say!(
                "the value needs more than 28 digits with {places} places",
                "数值保留 {places} 位小数后超过 28 位有效数字"
            ),
            Self::DivisionByZero => say!("zero has no negative power", "零没有负数次幂"),
            Self::TooLarge => say!("the power is too long to be computed exactly", "乘方结果过大，无法精确计算"),
        }
    }

    /// The way out, in both languages, where there is one to tell.
    #[must_use]
    pub fn help(&self) -> Option<Message> {
        Some(match self {
            Self::NotANumber { hint, .. } => match (*hint)? {
                Hint::Missing => return None,
                Hint::Separators => say!("write the digits without separators, `1200`", "请去掉分隔符，写作 `1200`"),
                Hint::Percent => say!("write the share itself, `0.85`", "请写成小数，如 `0.85`"),
                Hint::Exponent => {
                    say!("write all digits without an exponent, `120000`", "请写出全部数字，不用指数，如 `120000`")
                }
                Hint::Space => say!("remove the white space", "请去掉空白字符"),
                Hint::OtherDigits => {
                    say!("use the digits `0` to `9` and the point `.`", "请使用半角数字 `0` 至 `9` 和小数点 `.`")
                }
            },
            Self::InexactWhole { .. } => {
                say!("give it as an integer or as text", "请改用整数或文本传入")
            }
            Self::Overflow { .. } => {
                say!("choose a larger unit, such as 万元, or fewer places", "请改用更大的单位（如万元）或减少小数位数")
            }
            Self::TooManyDigits | Self::Infinite | Self::DivisionByZero | Self::TooLarge => return None,
        })
    }
}

impl Hint {
    fn of(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::Missing);
        }
        if text.trim().len() < text.len() {
            return Some(Self::Space);
        }
        let is_digit_like = |character: char| character.is_numeric() || "+-.,'_ ．，".contains(character);
        if let Some(share) = text.strip_suffix(['%', '％']) {
            return share.chars().all(is_digit_like).then_some(Self::Percent);
        }
        if text.contains(['e', 'E'])
            && text.chars().all(|character| is_digit_like(character) || "eE".contains(character))
        {
            return text.contains(|character: char| character.is_ascii_digit()).then_some(Self::Exponent);
        }
        if !text.chars().all(is_digit_like) || !text.contains(char::is_numeric) {
            None
        } else if text.contains([',', '\'', '_', ' ', '，']) {
            Some(Self::Separators)
        } else if text.is_ascii() {
            None
        } else {
            Some(Self::OtherDigits)
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for NumberError {}
