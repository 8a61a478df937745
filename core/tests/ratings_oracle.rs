//! Appraisals by raters against the regulation in plain fractions: roles, policies, scales, whatever comes together.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;

use kaohe::{Data, Figure, Options, Row, Scheme, Table};
use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

type Fraction = Ratio<BigInt>;

fn whole(number: usize) -> Fraction {
    Fraction::from_integer(number.into())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Policy {
    Error,
    Renormalise,
    Omit,
    Merge,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Unmarked {
    Renormalise,
    Zero,
}

#[derive(Debug, Clone)]
struct Role {
    weight: usize,
    minimum: usize,
    /// Mean, median, trimmed by a fifth, without one highest and one lowest from four on.
    method: usize,
    /// The role it is merged into, always a later one.
    into: Option<usize>,
    /// Whether the plan asks it for each item.
    asked: Vec<bool>,
}

#[derive(Debug, Clone)]
struct Appraisal {
    stars: usize,
    points: bool,
    items: Vec<usize>,
    unmarked: Unmarked,
    policy: Policy,
    roles: Vec<Role>,
    /// Role and marks, 0 for an item left unmarked.
    sheets: Vec<(usize, Vec<usize>)>,
}

impl Appraisal {
    fn text(&self) -> String {
        let worth = if self.points { "points" } else { "weight" };
        let items = self.items.iter().enumerate().map(|(at, item)| format!("{{ name: 项{at}, {worth}: {item} }}"));
        let items = items.collect::<Vec<_>>().join(", ");
        let unmarked = if self.unmarked == Unmarked::Zero { "zero" } else { "renormalise" };
        let policy = match self.policy {
            Policy::Error => "error",
            Policy::Renormalise => "renormalise",
            Policy::Omit => "omit",
            Policy::Merge => "merge",
        };
        let merges = self.policy == Policy::Merge;
        let roles = self.roles.iter().enumerate().map(|(at, role)| {
            let method =
                ["", ", method: median", ", method: trimmed, trim: 20%", ", drop: { highest: 1, lowest: 1, from: 4 }"];
            let into = role.into.filter(|_| merges).map_or(String::new(), |into| format!(", merge_into: 角{into}"));
            let Role { weight, minimum, .. } = role;
            format!("      角{at}: {{ weight: {weight}, minimum: {minimum}{}{into} }}\n", method[role.method])
        });
        let entry = |(at, role): (usize, &Role)| {
            let items = role.asked.iter().enumerate().filter(|(_, asked)| **asked).map(|(at, _)| format!("项{at}"));
            format!("      - {{ rated: 员, raters: [角{at}], items: [{}] }}\n", items.collect::<Vec<_>>().join(", "))
        };
        let all = self.roles.iter().flat_map(|role| &role.asked).all(|asked| *asked);
        let plan = self.roles.iter().enumerate().filter(|_| !all).map(entry).collect::<String>();
        let plan = if plan.is_empty() { plan } else { format!("    plan:\n{plan}") };
        format!(
            "kaohe: 1\nscheme: 例\ninputs: {{ 工号: {{ type: text, key: true }} }}\nratings:\n  测:\n    stars: {}\n    items: [{items}]\n    \
             when_item_missing: {unmarked}\n    when_role_missing: {policy}\n    roles:\n{}{plan}",
            self.stars,
            roles.collect::<String>()
        )
    }

    fn rows(&self) -> Table {
        let row = |(role, marks): &(usize, Vec<usize>)| {
            let row = Row::new().with("工号", "1").with("角色", format!("角{role}"));
            marks.iter().enumerate().fold(row, |row, (at, mark)| {
                let mark = if *mark == 0 { String::new() } else { mark.to_string() };
                row.with(&format!("项{at}"), mark)
            })
        };
        Table::of_rows(self.sheets.iter().map(row).collect())
    }

    /// Points of a sheet, out of what its role is asked; nothing when no item is marked.
    fn sheet(&self, role: usize, marks: &[usize]) -> Option<Fraction> {
        let full = if self.points { whole(self.items.iter().sum()) } else { whole(100) };
        let asked = self.items.iter().zip(&self.roles[role].asked).filter(|(_, asked)| **asked);
        let all = whole(asked.map(|(item, _)| *item).sum());
        let earned =
            self.items.iter().zip(marks).map(|(item, mark)| whole(item * mark)).sum::<Fraction>() / whole(self.stars);
        let there = match self.unmarked {
            Unmarked::Zero => all,
            Unmarked::Renormalise => {
                whole(self.items.iter().zip(marks).filter(|(_, mark)| **mark > 0).map(|(item, _)| *item).sum())
            }
        };
        (there != whole(0)).then(|| earned * full / there)
    }

    /// Whether sheets of several roles may be shown as the result of the first: it has some itself, they reach the minimum
    /// of each, and whoever gave a sheet in each of the others cannot tell a role that is too small.
    fn may_be_shown(&self, into: usize, from: &[(usize, usize)]) -> bool {
        let all: usize = from.iter().map(|(_, sheets)| sheets).sum();
        let hidden = |small: usize| from.iter().any(|(other, sheets)| *other != small && *sheets >= 2);
        from.len() < 2 && from.iter().all(|(role, _)| *role == into)
            || from.iter().any(|(role, _)| *role == into)
                && from.iter().all(|(role, _)| all >= self.roles[*role].minimum)
                && from.iter().all(|(role, sheets)| *sheets >= self.roles[*role].minimum || hidden(*role))
    }

    /// The results of roles, and of all of them: nothing where there is none, an error where it is a fault.
    fn oracle(&self) -> (Vec<Option<Fraction>>, Result<Option<Fraction>, ()>) {
        let mut sheets: Vec<Vec<Fraction>> = vec![Vec::new(); self.roles.len()];
        // a sheet without a mark is none
        for (role, marks) in self.sheets.iter().filter(|(_, marks)| marks.iter().any(|mark| *mark > 0)) {
            sheets[*role].push(self.sheet(*role, marks).unwrap());
        }
        // of each role the roles whose sheets have come to it, each with how many
        let mut from: Vec<Vec<(usize, usize)>> = sheets
            .iter()
            .enumerate()
            .map(|(at, own)| if own.is_empty() { Vec::new() } else { vec![(at, own.len())] })
            .collect();
        let mut weights: Vec<usize> = self.roles.iter().map(|role| role.weight).collect();
        let mut results = Vec::new();
        let mut lacking = Vec::new();
        for (at, role) in self.roles.iter().enumerate() {
            if sheets[at].len() < role.minimum || !self.may_be_shown(at, &from[at]) {
                if let (Policy::Merge, Some(into)) = (self.policy, role.into) {
                    let came = std::mem::take(&mut from[at]);
                    from[into].extend(came);
                    let moved = std::mem::take(&mut sheets[at]);
                    sheets[into].extend(moved);
                    weights[into] += std::mem::take(&mut weights[at]);
                } else {
                    lacking.push(at);
                }
                results.push(None);
            } else {
                results.push(Some(together(role.method, sheets[at].clone())));
            }
        }
        if self.sheets.iter().all(|(_, marks)| marks.iter().all(|mark| *mark == 0)) {
            return (results, Ok(None));
        }
        if !lacking.is_empty() && matches!(self.policy, Policy::Error | Policy::Merge) {
            return (results, Err(()));
        }
        let of = |at: usize| results[at].clone().map(|result| result * whole(weights[at]));
        let sum = (0..results.len()).filter_map(of).sum::<Fraction>();
        let divisor: usize = match self.policy {
            Policy::Omit => 100,
            _ => (0..results.len()).filter(|at| results[*at].is_some()).map(|at| weights[at]).sum(),
        };
        if divisor == 0 {
            return (results, Err(()));
        }
        (results, Ok(Some(sum / whole(divisor))))
    }
}

fn together(method: usize, mut sheets: Vec<Fraction>) -> Fraction {
    sheets.sort();
    let count = sheets.len();
    if method == 1 {
        return (&sheets[(count - 1) / 2] + &sheets[count / 2]) / whole(2);
    }
    let cut = match method {
        2 => count / 5,
        3 if count >= 4 => 1,
        _ => 0,
    };
    let kept = &sheets[cut..count - cut];
    kept.iter().sum::<Fraction>() / whole(kept.len())
}

/// Twelve decimals, half away from zero, no needless zeros; the results are not below zero.
fn published(result: &Fraction) -> String {
    let scaled =
        (result * Fraction::from_integer(1_000_000_000_000_i64.into()) + Fraction::new(1.into(), 2.into())).floor();
    let digits = format!("{:0>13}", scaled.to_integer().to_string());
    let (before, after) = digits.split_at(digits.len() - 12);
    let after = after.trim_end_matches('0');
    if after.is_empty() { before.to_owned() } else { format!("{before}.{after}") }
}

fn appraisal() -> impl Strategy<Value = Appraisal> {
    let policy = prop::sample::select(vec![Policy::Error, Policy::Renormalise, Policy::Omit, Policy::Merge]);
    let unmarked = prop::sample::select(vec![Unmarked::Renormalise, Unmarked::Zero]);
    let weights = prop::sample::select(vec![vec![100], vec![60, 40], vec![50, 30, 20], vec![10, 20, 30, 40]]);
    let items = prop::sample::select(vec![vec![100], vec![37, 63], vec![50, 30, 20]]);
    (policy, unmarked, weights, items, any::<bool>(), 2_usize..8).prop_flat_map(
        |(policy, unmarked, weights, items, points, stars)| {
            let count = weights.len();
            let all = vec![true; items.len()];
            let some = prop::collection::vec(any::<bool>(), items.len());
            let some =
                some.prop_filter("a role that is asked nothing is not in the plan", |asked| asked.contains(&true));
            let asked = prop_oneof![Just(all), some];
            let role = (1_usize..4, 0_usize..4, any::<prop::sample::Index>(), any::<bool>(), asked);
            let marks = prop::collection::vec(0..=stars, items.len());
            let sheets = prop::collection::vec((0..count, marks), 0..14);
            (prop::collection::vec(role, count), sheets).prop_map(move |(roles, mut sheets)| {
                let mut roles: Vec<Role> = roles
                    .into_iter()
                    .zip(&weights)
                    .enumerate()
                    .map(|(at, ((minimum, method, into, merges, asked), weight))| {
                        let later = count - at - 1;
                        let into = (merges && later > 0).then(|| at + 1 + into.index(later.max(1)));
                        Role { weight: *weight, minimum, method, into, asked }
                    })
                    .collect();
                // under `merge` some role says where it goes
                if count > 1 {
                    roles[0].into.get_or_insert(1);
                }
                for (role, marks) in &mut sheets {
                    let asked = &roles[*role].asked;
                    marks.iter_mut().zip(asked).filter(|(_, asked)| !**asked).for_each(|(mark, _)| *mark = 0);
                }
                let policy = if count == 1 && policy == Policy::Merge { Policy::Error } else { policy };
                Appraisal { stars, points, items: items.clone(), unmarked, policy, roles, sheets }
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Every role and the result are what the regulation says, to the last digit.
    #[test]
    fn results_are_as_fractions_say(appraisal in appraisal()) {
        let text = appraisal.text();
        let scheme = Scheme::parse(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        let people = Table::of_rows(vec![Row::new().with("工号", "1")]);
        let run = scheme.score(Data::of(people).detail("测", appraisal.rows()), Options::default()).unwrap();
        let outcome = run.outcome(0);
        let (roles, result) = appraisal.oracle();
        let told = |of: Option<&Fraction>| of.map_or(Figure::Missing.to_string(), published);
        let mut got = BTreeMap::new();
        let mut want = BTreeMap::new();
        for (at, role) in roles.iter().enumerate() {
            let name = format!("测.角{at}");
            got.insert(name.clone(), outcome.get(&name).unwrap().to_string());
            want.insert(name, told(role.as_ref()));
        }
        prop_assert_eq!(got, want, "{}", text);
        let figure = outcome.get("测").unwrap();
        match result {
            Ok(result) => prop_assert_eq!(figure.to_string(), told(result.as_ref()), "{}", text),
            Err(()) => prop_assert!(matches!(figure, Figure::Empty(_)), "{}\n{:?}", text, figure),
        }
        // the order of sheets says nothing
        let mut turned = appraisal.clone();
        turned.sheets.reverse();
        let people = Table::of_rows(vec![Row::new().with("工号", "1")]);
        let other = scheme.score(Data::of(people).detail("测", turned.rows()), Options::default()).unwrap();
        prop_assert_eq!(other.outcome(0).get("测").unwrap(), figure);
    }

    /// Whoever knows a sheet of every other role cannot tell what a role with fewer sheets than its minimum gave: its
    /// marks change no figure, or they may be exchanged for those of a sheet he does not know and no figure changes.
    #[test]
    fn no_reader_can_tell_a_role_that_is_too_small(appraisal in appraisal()) {
        // what every role is asked, so that a sheet of one can stand in another
        let mut appraisal = appraisal;
        let asked = appraisal.roles[0].asked.clone();
        appraisal.roles.iter_mut().for_each(|role| role.asked.clone_from(&asked));
        let just_asked = |marks: &mut [usize]| {
            marks.iter_mut().zip(&asked).filter(|(_, asked)| !**asked).for_each(|(mark, _)| *mark = 0);
        };
        appraisal.sheets.iter_mut().for_each(|(_, marks)| just_asked(marks));
        let text = appraisal.text();
        let scheme = Scheme::parse(&text).unwrap();
        let figures = |appraisal: &Appraisal| {
            let people = Table::of_rows(vec![Row::new().with("工号", "1")]);
            let run = scheme.score(Data::of(people).detail("测", appraisal.rows()), Options::default()).unwrap();
            let names = (0..appraisal.roles.len()).map(|at| format!("测.角{at}")).chain(["测".to_owned()]);
            names.map(|name| run.outcome(0).get(&name).unwrap().to_string()).collect::<Vec<_>>()
        };
        let published = figures(&appraisal);
        // a sheet without a mark is none
        let of_role = |at: usize| -> Vec<usize> {
            let is_of = |sheet: &usize| {
                let (role, marks) = &appraisal.sheets[*sheet];
                *role == at && marks.iter().any(|mark| *mark > 0)
            };
            (0..appraisal.sheets.len()).filter(is_of).collect()
        };
        for (at, role) in appraisal.roles.iter().enumerate() {
            let own = of_role(at);
            let Some(&first) = own.first().filter(|_| own.len() < role.minimum) else { continue };
            let with = |marks: &[usize]| {
                let mut changed = appraisal.clone();
                changed.sheets[first].1 = marks.to_vec();
                just_asked(&mut changed.sheets[first].1);
                changed
            };
            let count = appraisal.items.len();
            let counts_nowhere = [1, appraisal.stars].iter().all(|mark| figures(&with(&vec![*mark; count])) == published);
            let may_be_exchanged = (0..appraisal.roles.len()).filter(|other| *other != at).any(|other| {
                of_role(other).get(1).is_some_and(|unknown| {
                    let mut exchanged = with(&appraisal.sheets[*unknown].1);
                    exchanged.sheets[*unknown].1.clone_from(&appraisal.sheets[first].1);
                    figures(&exchanged) == published
                })
            });
            prop_assert!(counts_nowhere || may_be_exchanged, "role {}: {:?}\n{}", at, published, text);
        }
    }
}
