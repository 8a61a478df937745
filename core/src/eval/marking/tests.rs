//! The ways of crediting, against definitions by sets and plain fractions.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

use super::*;

type Fraction = Ratio<BigInt>;
type Set = BTreeSet<char>;

fn letters(set: &Set) -> String {
    set.iter().collect()
}

fn options(set: &Set) -> Options {
    set.iter().fold(Options::NONE, |options, letter| options.with(*letter).unwrap())
}

fn fraction(numerator: usize, denominator: usize) -> Fraction {
    Fraction::new(numerator.into(), denominator.into())
}

/// What the regulation says, word for word, of an answer to a question with so many options.
fn by_sets(credit: Credit, key: &Set, count: usize, answer: &Set) -> Fraction {
    let nothing = fraction(0, 1);
    let right = answer.intersection(key).count();
    let wrong = answer.difference(key).count();
    match credit {
        Credit::Exact => fraction(usize::from(answer == key), 1),
        Credit::HalfIfSubset if answer == key => fraction(1, 1),
        Credit::HalfIfSubset if !answer.is_empty() && answer.is_subset(key) => fraction(1, 2),
        Credit::HalfIfSubset => nothing,
        Credit::ProRata if answer.is_subset(key) => fraction(right, key.len()),
        Credit::ProRata => nothing,
        Credit::PerOption if answer.is_empty() => nothing,
        Credit::PerOption => {
            let all = ('A'..='Z').take(count);
            fraction(all.filter(|each| answer.contains(each) == key.contains(each)).count(), count)
        }
        Credit::RightMinusWrong => {
            let of_wrong = count - key.len();
            let taken = if of_wrong == 0 { nothing.clone() } else { fraction(wrong, of_wrong) };
            (fraction(right, key.len()) - taken).max(nothing)
        }
    }
}

fn question() -> impl Strategy<Value = (usize, Set, Set)> {
    (2_usize..=26).prop_flat_map(|count| {
        let all: Vec<char> = ('A'..='Z').take(count).collect();
        let some = prop::collection::vec(any::<bool>(), count);
        let of = move |chosen: &[bool]| -> Set {
            all.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(letter, _)| *letter).collect()
        };
        (some.clone(), some).prop_map(move |(key, answer)| {
            let key = if key.contains(&true) { of(&key) } else { Set::from(['A']) };
            (count, key, of(&answer))
        })
    })
}

fn multiple(count: usize) -> AnswerForm {
    AnswerForm { kind: QuestionKind::Multiple, options: u32::try_from(count).ok(), invalid_is_wrong: false }
}

proptest! {
    /// Every way of crediting is what its definition by sets says.
    #[test]
    fn credit_is_as_sets_say((count, key, answer) in question()) {
        for (_, credit) in Credit::WORDS {
            let (part, whole) = share(credit, options(&key), u32::try_from(count).ok(), options(&answer));
            prop_assert_eq!(fraction(part as usize, whole as usize), by_sets(credit, &key, count, &answer));
        }
    }

    /// The key earns everything, a blank nothing, and nothing earns more than everything.
    #[test]
    fn the_key_is_worth_most((count, key, answer) in question()) {
        let count = u32::try_from(count).ok();
        for (_, credit) in Credit::WORDS {
            let of = |chosen| share(credit, options(&key), count, chosen);
            let (part, whole) = of(options(&key));
            prop_assert_eq!(part, whole);
            prop_assert_eq!(of(Options::NONE).0, 0);
            let (part, whole) = of(options(&answer));
            prop_assert!(part <= whole);
        }
    }

    /// Order, case, width and what stands between the letters say nothing.
    #[test]
    fn an_answer_is_the_set_of_its_letters((count, _, answer) in question(), mix in any::<u64>()) {
        let separators = ["", ",", "，", "、", ";", "；", " ", "\u{3000}", "/", "."];
        let mut written = String::from(" ");
        for (at, letter) in answer.iter().rev().enumerate() {
            let bits = mix.rotate_right(u32::try_from(at * 7).unwrap());
            written.push(match bits % 3 {
                0 => *letter,
                1 => letter.to_ascii_lowercase(),
                _ => char::from_u32(u32::from(*letter) + 0xFEE0).unwrap(),
            });
            written.push_str(separators[usize::try_from(bits / 3 % 10).unwrap()]);
        }
        prop_assert_eq!(chosen(multiple(count), &written), Ok(options(&answer)));
        prop_assert_eq!(letters(&answer), options(&answer).to_string());
    }

    /// A sheet's total is the sum of its answers.
    #[test]
    fn a_total_is_the_sum_of_its_answers(questions in prop::collection::vec(question(), 1..12), marks in 1_i64..50) {
        for (_, credit) in Credit::WORDS {
            // the parts of a paper have one number of options
            let count = questions.iter().map(|(count, ..)| *count).max().unwrap();
            let marking = Marking {
                part: "题".into(),
                form: multiple(count),
                marks: Number::from_parts(marks.into(), 1),
                credit,
                questions: questions
                    .iter()
                    .map(|(_, key, _)| Question { name: "M".into(), key: options(key), answer: crate::plan::NodeId(0) })
                    .collect(),
            };
            let texts: Vec<String> = questions.iter().map(|(.., answer)| letters(answer)).collect();
            let got = total(&marking, texts.iter().map(|text| Some(text.as_str())));
            let each = questions.iter().map(|(_, key, answer)| by_sets(credit, key, count, answer));
            let want = each.sum::<Fraction>() * Fraction::new(marks.into(), 10.into());
            let (numerator, denominator) = got.to_fraction();
            prop_assert_eq!(Fraction::new(numerator, denominator), want);
        }
    }
}

#[test]
fn what_cannot_be_an_answer_is_none() {
    let single = AnswerForm { kind: QuestionKind::Single, options: Some(4), invalid_is_wrong: false };
    let judged = AnswerForm { kind: QuestionKind::TrueFalse, options: None, invalid_is_wrong: false };
    for (form, text) in [
        (single, "AB"),
        (single, "E"),
        (single, "AA"),
        (single, "1"),
        (single, ","),
        (single, "甲"),
        (multiple(4), "ABE"),
        (multiple(4), "ABB"),
        (multiple(4), "A-C"),
        (judged, "A"),
        (judged, "TF"),
        (judged, "对错"),
    ] {
        assert_eq!(chosen(form, text), Err(FaultCode::NotAnAnswer), "{text}");
    }
    for form in [single, multiple(4), judged] {
        for blank in ["", " ", "\u{3000}", "\t"] {
            assert_eq!(chosen(form, blank), Ok(Options::NONE));
        }
    }
}

#[test]
fn cells_of_any_kind_are_read() {
    let judged = AnswerForm { kind: QuestionKind::TrueFalse, options: None, invalid_is_wrong: false };
    let text = |cell: Cell| match read(judged, &cell) {
        Ok(Value::Text(text)) => Ok(text.to_string()),
        Ok(_) => Ok(String::new()),
        Err(code) => Err(code),
    };
    assert_eq!(text(Cell::from(true)), Ok("T".to_owned()));
    assert_eq!(text(Cell::from(0)), Ok("F".to_owned()));
    assert_eq!(text(Cell::from(1.0)), Ok("T".to_owned()));
    assert_eq!(text(Cell::from(f64::NAN)), Ok(String::new()));
    assert_eq!(text(Cell::from(2)), Err(FaultCode::NotAnAnswer));
    let lenient = AnswerForm { invalid_is_wrong: true, ..judged };
    assert!(matches!(read(lenient, &Cell::from(" 2 ")), Ok(Value::Text(text)) if &*text == "2"));
}

#[test]
fn a_statement_is_judged_with_or_without_a_full_stop() {
    let form = AnswerForm { kind: QuestionKind::TrueFalse, options: None, invalid_is_wrong: false };
    for (text, letter) in [("T.", 'T'), ("对。", 'T'), (" 错 ，", 'F'), ("×、", 'F')] {
        assert_eq!(chosen(form, text), Ok(Options::NONE.with(letter).unwrap()), "{text}");
    }
    assert_eq!(chosen(form, "T F"), Err(FaultCode::NotAnAnswer));
    assert_eq!(chosen(form, "。"), Err(FaultCode::NotAnAnswer));
}
