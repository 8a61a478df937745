//! Did you mean …: the name that a wrong name was probably meant to be.

use std::cmp::Reverse;

/// The name in `among` that `wanted` was probably meant to be, or nothing when none is near.
///
/// Names are compared by characters, letter case and full-width signs aside: two characters may differ by one
/// exchange, insertion, omission or swap in a short name, by up to three in a long one. Of names of two or three
/// characters at least half must be the same. A name that contains the wanted one, or is contained in it, is near too
/// when the shared part is two characters long or more. Of equally near names the first is taken.
///
/// # Example
///
/// ```
/// use kaohe::document::suggest::nearest;
///
/// let columns = ["日均存款", "存款任务", "weight"];
/// assert_eq!(nearest("日均存歀", columns.into_iter()), Some("日均存款"));
/// assert_eq!(nearest("wieght", columns.into_iter()), Some("weight"));
/// assert_eq!(nearest("投诉次数", columns.into_iter()), None);
/// ```
#[must_use]
pub fn nearest<'a>(wanted: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = Folded::of(wanted);
    if wanted.characters.is_empty() || wanted.characters.len() > LONGEST {
        return None;
    }
    among
        .filter_map(|name| wanted.distance(&Folded::of(name)).map(|distance| (distance, name)))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// Longer names are not compared: the work grows with the product of the lengths.
const LONGEST: usize = 128;

/// A name as it is compared.
struct Folded {
    text: String,
    characters: Vec<char>,
}

/// How far two names are apart; the smaller the nearer.
///
/// First by edits; a contained name comes after all that differ by edits, the longer the shared part the nearer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    Edits(usize),
    Contained(Reverse<usize>, usize),
}

impl Folded {
    fn of(name: &str) -> Self {
        let narrow = |character: char| match u32::from(character) {
            full @ 0xff01..=0xff5e => char::from_u32(full - 0xfee0).unwrap_or(character),
            0x3000 => ' ',
            _ => character,
        };
        let text: String = name.trim().chars().map(narrow).flat_map(char::to_lowercase).collect();
        Self { characters: text.chars().take(LONGEST + 1).collect(), text }
    }

    fn distance(&self, name: &Self) -> Option<Distance> {
        let (here, there) = (self.characters.len(), name.characters.len());
        if there == 0 || there > LONGEST {
            return None;
        }
        let edits = strsim::generic_damerau_levenshtein(&self.characters, &name.characters);
        let allowed = match here.max(there) {
            // Of one character nothing would be left.
            0 | 1 => 0,
            2..=4 => 1,
            5..=8 => 2,
            _ => 3,
        };
        if edits <= allowed && (edits == 0 || here.min(there) > edits || self.is_swap_of(name)) {
            return Some(Distance::Edits(edits));
        }
        let shorter = here.min(there);
        let contained = self.text.contains(&name.text) || name.text.contains(&self.text);
        // `of` is contained in half of all names: two letters say little, two Chinese characters are a word.
        let is_word = shorter >= 4 || (shorter >= 2 && !self.text.is_ascii() && !name.text.is_ascii());
        (contained && is_word).then_some(Distance::Contained(Reverse(shorter), here.max(there)))
    }

    /// Whether the two have the same characters in another order.
    fn is_swap_of(&self, name: &Self) -> bool {
        let sorted = |folded: &Self| {
            let mut characters = folded.characters.clone();
            characters.sort_unstable();
            characters
        };
        sorted(self) == sorted(name)
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_in_a_name_finds_it() {
        let names = ["日均存款", "存款任务", "网点", "网站", "weight", "round", "items", "满意度", "min", "max", "of"];
        for (wanted, found) in [
            ("日均存歀", Some("日均存款")),
            ("日存款", Some("日均存款")),
            ("日均款存", Some("日均存款")),
            ("存款任务数", Some("存款任务")),
            ("意满度", Some("满意度")),
            ("满意", Some("满意度")),
            ("点网", Some("网点")),
            ("网", None),
            ("柜台", None),
            ("WEIGHT", Some("weight")),
            ("ｗｅｉｇｈｔ", Some("weight")),
            ("wieght", Some("weight")),
            ("weigth", Some("weight")),
            ("weights", Some("weight")),
            ("item", Some("items")),
            ("rounding", Some("round")),
            ("mix", Some("min")),
            ("fo", Some("of")),
            ("to", None),
            ("x", None),
            ("", None),
            ("完全不同", None),
            ("投诉次数", None),
        ] {
            assert_eq!(nearest(wanted, names.into_iter()), found, "{wanted}");
        }
    }

    #[test]
    fn the_nearest_of_several_is_taken() {
        assert_eq!(nearest("存款率", ["存款完成率", "贷款率", "存款率1"].into_iter()), Some("贷款率"));
        assert_eq!(nearest("存款", ["新增存款", "定期存款额", "存款额"].into_iter()), Some("存款额"));
        // A change of letter case is nearer than a change of letters.
        assert_eq!(nearest("Cap", ["gap", "cap"].into_iter()), Some("cap"));
    }

    #[test]
    fn names_without_end_are_not_compared() {
        let long = "长".repeat(100_000);
        assert_eq!(nearest(&long, [long.as_str()].into_iter()), None);
        assert_eq!(nearest("长", [long.as_str()].into_iter()), None);
    }
}
