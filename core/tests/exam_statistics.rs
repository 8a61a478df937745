//! How questions did, against a count by hand and plain fractions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use kaohe::number::Number;
use kaohe::{Data, Options, Row, Scheme, Table};
use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

type Fraction = Ratio<BigInt>;

const SCHEME: &str = "
kaohe: 1
scheme: 考试
inputs: { 工号: { type: text, key: true } }
exams:
  卷:
    parts:
      - { name: 单选, kind: single, questions: S, options: 4, marks: 2, key: [A, B, C] }
      - { name: 多选, kind: multiple, questions: M, options: 4, marks: 3, credit: pro_rata, key: [ABC, BD] }
";

const ANSWERS: [&str; 5] = ["ABCD", "ABCD", "ABCD", "", ""];

/// The share of a question's marks for an answer.
fn share(question: usize, answer: &str) -> Fraction {
    let keys = ["A", "B", "C", "ABC", "BD"];
    let key = keys[question];
    if question < 3 {
        return Fraction::from_integer(i64::from(answer == key).into());
    }
    match answer.chars().all(|each| key.contains(each)) {
        true => Fraction::new(answer.len().into(), key.len().into()),
        false => Fraction::from_integer(0.into()),
    }
}

fn exact(number: Option<&Number>) -> Option<Fraction> {
    let (numerator, denominator) = number?.to_fraction();
    Some(Fraction::new(numerator, denominator))
}

fn sheet() -> impl Strategy<Value = Vec<String>> {
    let single = prop::sample::select(vec!["", "A", "B", "C", "D"]).prop_map(str::to_owned);
    let several = prop::sample::subsequence(vec!["A", "B", "C", "D"], 0..=4).prop_map(|letters| letters.concat());
    (prop::collection::vec(single, 3), prop::collection::vec(several, 2)).prop_map(|(a, b)| [a, b].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Difficulty, discrimination and the square of the correlation are what fractions say, in whatever order sheets come.
    #[test]
    fn statistics_are_as_fractions_say(sheets in prop::collection::vec(sheet(), 2..40), turn in 0_usize..40) {
        let scheme = Scheme::parse(SCHEME).unwrap();
        let statistics = |sheets: &[Vec<String>]| {
            let people = (0..sheets.len()).map(|at| Row::new().with("工号", at.to_string()));
            let rows = sheets.iter().enumerate().map(|(at, sheet)| {
                let names = ["S1", "S2", "S3", "M1", "M2"];
                let row = Row::new().with("工号", at.to_string());
                names.iter().zip(sheet).fold(row, |row, (name, answer)| row.with(name, answer.as_str()))
            });
            let data = Data::of(Table::of_rows(people.collect())).detail("卷", Table::of_rows(rows.collect()));
            scheme.score(data, Options::default()).unwrap().exam_statistics("卷").unwrap()
        };
        let got = statistics(&sheets);
        let mut turned = sheets.clone();
        turned.rotate_left(turn % sheets.len());
        turned.reverse();
        prop_assert_eq!(&got.questions, &statistics(&turned).questions);

        let count = Fraction::from_integer(sheets.len().into());
        let marks = |question: usize| Fraction::from_integer(if question < 3 { 2 } else { 3 }.into());
        let earned = |sheet: &Vec<String>, question: usize| share(question, &sheet[question]) * marks(question);
        let total = |sheet: &Vec<String>| (0..5).map(|at| earned(sheet, at)).sum::<Fraction>();
        let group = (sheets.len() * 27 + 50) / 100;
        let group = group.max(1);
        prop_assert_eq!(got.group, group);
        for question in 0..ANSWERS.len() {
            let found = &got.questions[question];
            let shares: Vec<Fraction> = sheets.iter().map(|sheet| share(question, &sheet[question])).collect();
            let mean = shares.iter().sum::<Fraction>() / &count;
            prop_assert_eq!(exact(found.difficulty.as_ref()), Some(mean));
            prop_assert_eq!(found.blank, sheets.iter().filter(|sheet| sheet[question].is_empty()).count());
            // of equals at the edge each counts in the proportion in which there is room for them
            let of_group = |best_first: bool| {
                let mut totals: Vec<Fraction> = sheets.iter().map(total).collect();
                totals.sort();
                if best_first {
                    totals.reverse();
                }
                let edge = &totals[group - 1];
                let inside = |of: &Fraction| if best_first { of > edge } else { of < edge };
                let room = group - totals.iter().filter(|of| inside(of)).count();
                let equals = totals.iter().filter(|of| *of == edge).count();
                let weight = Fraction::new(room.into(), equals.into());
                let of_sheet = |sheet: &Vec<String>| {
                    let of = total(sheet);
                    let own = share(question, &sheet[question]);
                    if inside(&of) { own } else if of == *edge { own * &weight } else { Fraction::from_integer(0.into()) }
                };
                sheets.iter().map(of_sheet).sum::<Fraction>() / Fraction::from_integer(group.into())
            };
            prop_assert_eq!(exact(found.discrimination.as_ref()), Some(of_group(true) - of_group(false)));
            let own: Vec<Fraction> = sheets.iter().map(|sheet| earned(sheet, question)).collect();
            let rest: Vec<Fraction> = sheets.iter().map(|sheet| total(sheet) - earned(sheet, question)).collect();
            let mean = |of: &[Fraction]| of.iter().sum::<Fraction>() / &count;
            let together = |a: &[Fraction], b: &[Fraction]| {
                let (of_a, of_b) = (mean(a), mean(b));
                a.iter().zip(b).map(|(a, b)| (a - &of_a) * (b - &of_b)).sum::<Fraction>()
            };
            let zero = Fraction::from_integer(0.into());
            let (spread, both) = (together(&own, &own) * together(&rest, &rest), together(&own, &rest));
            match exact(found.correlation.as_ref()) {
                None => prop_assert_eq!(spread, zero),
                Some(root) => {
                    // the root is within half a unit of the twelfth decimal
                    let half = Fraction::new(1.into(), 2_000_000_000_000_i64.into());
                    let square = |of: Fraction| &of * &of;
                    let exactly = square(both.clone()) / spread;
                    let size = if root < zero { -root.clone() } else { root.clone() };
                    prop_assert!(square(&size + &half) >= exactly);
                    prop_assert!(size <= half || square(&size - &half) <= exactly);
                    prop_assert!((root < zero) == (both < zero && size > zero));
                }
            }
        }
    }
}

#[test]
fn sheets_with_a_fault_are_left_out_and_named() {
    let scheme = Scheme::parse(SCHEME).unwrap();
    let people = (0..3).map(|at| Row::new().with("工号", at.to_string()));
    let row = |key: &str, first: &str| {
        let row = Row::new().with("工号", key).with("S1", first).with("S2", "B").with("S3", "C");
        row.with("M1", "ABC").with("M2", "D")
    };
    let answers = Table::of_rows(vec![row("0", "A"), row("1", "AB"), row("2", "")]).with_lines(vec![5, 6, 7]);
    let data = Data::of(Table::of_rows(people.collect())).detail("卷", answers);
    let run = scheme.score(data, Options::default()).unwrap();
    let found = run.exam_statistics("卷").unwrap();
    assert_eq!((found.sheets, found.left_out.as_slice(), found.group), (2, [6].as_slice(), 1));
    assert_eq!(found.questions[0].difficulty.as_ref().unwrap().to_string(), "0.5");
    assert_eq!(found.questions[1].right, 2);
    assert_eq!(found.questions[1].correlation, None);
    assert_eq!(run.exam_statistics("券").unwrap_err().code.id(), "K0809");
}

#[test]
fn what_cannot_be_an_answer_is_told_from_what_is_wrong() {
    let scheme = SCHEME.replace("  卷:\n", "  卷:\n    when_invalid: zero\n");
    let people = (0..4).map(|at| Row::new().with("工号", at.to_string()));
    let answers = ["A", "B", "AB", ""].iter().enumerate();
    let rows = answers.map(|(at, first)| {
        let row = Row::new().with("工号", at.to_string()).with("S1", *first).with("S2", "").with("S3", "");
        row.with("M1", "E").with("M2", "")
    });
    let data = Data::of(Table::of_rows(people.collect())).detail("卷", Table::of_rows(rows.collect()));
    let run = Scheme::parse(&scheme).unwrap().score(data, Options::default()).unwrap();
    let found = run.exam_statistics("卷").unwrap();
    let counts = |at: usize| (found.questions[at].right, found.questions[at].blank, found.questions[at].invalid);
    assert_eq!(counts(0), (1, 1, 1), "one wrong, one right, one blank, and one with two letters");
    assert_eq!(counts(3), (0, 0, 4));
}
