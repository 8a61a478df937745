//! Words of options, as hosts hand them over.

use kaohe_grammar::{Message, say};

use super::agreement::Incomplete;
use super::severity::{Method, Unconnected, WithoutSpread};
use crate::code::Code;
use crate::document::suggest::nearest;
use crate::error::DataError;

impl Incomplete {
    /// The policy of this name: `refuse` or `leave_out`; unless one is given, ratings that are missing are refused.
    ///
    /// # Errors
    ///
    /// [`DataError`] with `K0104` for another word.
    pub fn from_word(word: Option<&str>) -> Result<Self, DataError> {
        let all = [("refuse", Self::Refuse), ("leave_out", Self::LeaveOut)];
        word.map_or(Ok(Self::default()), |word| chosen("incomplete", word, &all))
    }
}

impl Method {
    /// The method of this name, `centring`, `z_score` or `additive`, with the policies that were given: for z-scores
    /// `without_spread`, which is `centre`, `leave_out` or `refuse`; for additive effects `unconnected`, which is `refuse`
    /// or `separate`. The first of each holds unless another is given.
    ///
    /// # Errors
    ///
    /// [`DataError`] with `K0104` for another word, and `K0108` for a policy that the method has no use for.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::ratings::severity::{Method, Unconnected};
    ///
    /// let method = Method::from_words("additive", None, Some("separate"))?;
    /// assert_eq!(method, Method::Additive { unconnected: Unconnected::Separate });
    /// assert_eq!(Method::from_words("centring", None, Some("separate")).unwrap_err().code.id(), "K0108");
    /// # Ok::<(), kaohe::DataError>(())
    /// ```
    pub fn from_words(
        method: &str,
        without_spread: Option<&str>,
        unconnected: Option<&str>,
    ) -> Result<Self, DataError> {
        let all = [
            ("centring", Self::Centring),
            ("z_score", Self::ZScore { without_spread: WithoutSpread::default() }),
            ("additive", Self::Additive { unconnected: Unconnected::default() }),
        ];
        let chosen_method = chosen("method", method, &all)?;
        let idle = match chosen_method {
            Self::Centring => [("without_spread", without_spread), ("unconnected", unconnected)],
            Self::ZScore { .. } => [("unconnected", unconnected), ("", None)],
            Self::Additive { .. } => [("without_spread", without_spread), ("", None)],
        };
        if let Some((option, _)) = idle.into_iter().find(|(_, given)| given.is_some()) {
            return Err(DataError {
                code: Code::KeysExclude,
                message: say!("`{option}` says nothing for `{method}`", "`{option}` 对 `{method}` 没有意义"),
                help: Some(say!("leave it out", "请省略")),
                offenders: vec![option.to_owned()],
            });
        }
        match (chosen_method, without_spread, unconnected) {
            (Self::ZScore { .. }, Some(word), _) => {
                let all = [
                    ("centre", WithoutSpread::Centre),
                    ("leave_out", WithoutSpread::LeaveOut),
                    ("refuse", WithoutSpread::Refuse),
                ];
                Ok(Self::ZScore { without_spread: chosen("without_spread", word, &all)? })
            }
            (Self::Additive { .. }, _, Some(word)) => {
                let all = [("refuse", Unconnected::Refuse), ("separate", Unconnected::Separate)];
                Ok(Self::Additive { unconnected: chosen("unconnected", word, &all)? })
            }
            (method, ..) => Ok(method),
        }
    }
}

/// What a word stands for.
fn chosen<T: Copy>(option: &str, word: &str, all: &[(&str, T)]) -> Result<T, DataError> {
    if let Some((_, choice)) = all.iter().find(|(name, _)| *name == word) {
        return Ok(*choice);
    }
    let help = match nearest(word, all.iter().map(|(name, _)| *name)) {
        Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
        None => {
            let names: Vec<String> = all.iter().map(|(name, _)| format!("`{name}`")).collect();
            Message::new(format!("choose {}", names.join(", ")), format!("可用 {}", names.join("、")))
        }
    };
    Err(DataError {
        code: Code::UnknownWord,
        message: say!("there is no `{option}` called `{word}`", "`{option}` 没有 `{word}` 这一项"),
        help: Some(help),
        offenders: vec![word.to_owned()],
    })
}
