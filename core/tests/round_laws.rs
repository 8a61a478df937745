//! What holds of every round of rating: its state is a function of the set of its events, no event is lost, and a log may
//! be cut off anywhere. The state is held against a definition of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kaohe::Scheme;
use kaohe::ratings::{Act, Change, Event, HostTime, Membership, RatingRound, Sheets, Stamp, Status};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sha2::{Digest as _, Sha256};

const PEOPLE: [(&str, &str, Option<&str>); 6] = [
    ("P1", "上级", None),
    ("P2", "上级", Some("东")),
    ("M1", "经理", Some("东")),
    ("M2", "经理", Some("东")),
    ("M3", "经理", Some("西")),
    ("P1", "经理", Some("西")),
];
const ITEMS: [&str; 3] = ["服务", "程序", "协作"];
const RATERS: [&str; 6] = ["P1", "P2", "M1", "M2", "M3", "X9"];
const MARKS: [&str; 4] = ["A", "B", "C", "D"];

fn scheme(policy: &str) -> Scheme {
    Scheme::parse(&format!(
        "
kaohe: 1
scheme: 测评
inputs: {{ 工号: {{ type: text, key: true }} }}
ratings:
  测评:
    scale: {{ A: 100%, B: 80%, C: 60% }}
    items: [{{ name: 服务, points: 50 }}, {{ name: 程序, points: 30 }}, {{ name: 协作, points: 20 }}]
    when_item_missing: {policy}
    two_roles: each
    roles: {{ 上级: {{ weight: 60 }}, 经理: {{ weight: 30 }}, 本人: {{ weight: 10, self: true }} }}
    plan: [{{ rated: 经理, raters: [上级, 经理, 本人], start: 2026-10-01, end: 2026-10-03 }}]
"
    ))
    .unwrap()
}

fn sheets(policy: &str) -> Arc<Sheets> {
    Arc::new(Sheets::new(scheme(policy).rating("测评").unwrap(), &Membership::of(PEOPLE).unwrap()).unwrap())
}

/// One step of somebody at some device: what, who, which sheet, item, mark, when.
type Step = (usize, u8, u8, u8, u8, u8, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..3_usize, 0..20_u8, any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), 0..60_u8), 0..60)
}

/// A time around the days of the plan: mostly within.
fn time(when: u8) -> HostTime {
    let day = match when {
        0 => "2026-09-30",
        1..=25 => "2026-10-01",
        26..=55 => "2026-10-02",
        _ => "2026-10-04",
    };
    HostTime::parse(&format!("{day}T{:02}:00:00.{}", when % 24, when % 3)).unwrap()
}

/// Several devices at work, which now and then hear of each other; what each of them came to.
fn played(sheets: &Arc<Sheets>, steps: &[Step]) -> Vec<RatingRound> {
    let mut first = RatingRound::new(Arc::clone(sheets));
    if !steps.len().is_multiple_of(8) {
        first.open("人事部", &Stamp { time: time(24), device: "d0".into() }).unwrap();
    }
    let mut devices = vec![first; 3];
    for (device, what, who, sheet, item, mark, when) in steps {
        let stamp = Stamp { time: time(*when), device: format!("d{device}").into() };
        let at = usize::from(*sheet) % sheets.sheets().len();
        let target = &sheets.sheets()[at];
        // mostly whose sheet it is
        let rater = if *who < 240 { &*target.rater } else { RATERS[usize::from(*who) % RATERS.len()] };
        let id = if *who == 239 { "0000000000000000" } else { &*target.id };
        let (item, mark) = (ITEMS[usize::from(*item) % 3], MARKS[usize::from(*mark) % 4]);
        let round = &mut devices[*device];
        let before = round.clone();
        let done = match what {
            0..=8 => round.mark(rater, id, item, mark, &stamp),
            9 => round.clear(rater, id, item, &stamp),
            10..=12 => round.submit(rater, id, &stamp),
            13 => round.withdraw(rater, id, &stamp),
            14 => round.reopen(id, "人事部", "漏评", &stamp),
            15 => round.open("人事部", &stamp),
            16 => round.close("人事部", &stamp),
            17 => {
                // an event of a careless host: it is taken in, and must not hold where a verb would have been refused
                let what = Change::Mark { item: item.into(), mark: mark.into() };
                let act = Act::Sheet { rater: rater.into(), revision: u64::from(*who % 7) + 1, sheet: id.into(), what };
                round.insert(Event::new(stamp, act)).unwrap();
                continue;
            }
            18 => {
                for item in ITEMS {
                    let _ = round.mark(rater, id, item, mark, &stamp);
                }
                let _ = round.submit(rater, id, &stamp);
                continue;
            }
            _ => {
                let other = devices[(device + 1) % 3].clone();
                devices[*device].merge(&other).unwrap();
                continue;
            }
        };
        let round = &devices[*device];
        match done {
            Ok(Some(event)) => {
                assert_eq!(before.events().len() + 1, round.events().len(), "an event of its own");
                assert!(round.refused().iter().all(|refused| refused.event != event), "it holds");
                if let Act::Open { .. } | Act::Close { .. } = event.act() {
                    assert_eq!(round.is_open_at(time(*when)), event.kind() == "open");
                }
            }
            Ok(None) | Err(_) => assert!(before == *round, "nothing happened"),
        }
    }
    devices
}

fn events_of(rounds: &[RatingRound]) -> Vec<Event> {
    let mut all: Vec<Event> = rounds.iter().flat_map(|round| round.events().into_iter().cloned()).collect();
    all.sort();
    all.dedup();
    all
}

/// What a submission says of the marks it hands in.
fn attested(marks: &[String]) -> String {
    let mut text = String::new();
    for field in ["kaohe marks 1"].into_iter().chain(ITEMS.iter().zip(marks).flat_map(|(item, mark)| [*item, mark])) {
        text.push_str(&format!("{}:{field}\n", field.len()));
    }
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What the events come to by a definition of its own: all sheets at once, one event after the other.
fn defined(sheets: &Sheets, events: &[Event], may_be_unmarked: bool) -> (BTreeMap<String, (Vec<String>, bool)>, usize) {
    let mut order: Vec<&Event> = events.iter().collect();
    order.sort_by_key(|event| {
        (event.revision(), event.stamp().time, event.stamp().device.to_string(), event.id().to_string())
    });
    let open_at = |time: HostTime| {
        let mut turns: Vec<(HostTime, u64, bool)> = events
            .iter()
            .filter_map(|event| match event.act() {
                Act::Open { turn, .. } => Some((event.stamp().time, *turn, false)),
                Act::Close { turn, .. } => Some((event.stamp().time, *turn, true)),
                Act::Sheet { .. } => None,
            })
            .filter(|(at, ..)| *at <= time)
            .collect();
        turns.sort();
        turns.last().is_some_and(|(.., closed)| !closed)
    };
    let mut state: BTreeMap<String, (BTreeMap<&str, String>, bool)> =
        sheets.sheets().iter().map(|sheet| (sheet.id.to_string(), (BTreeMap::new(), false))).collect();
    let mut refused = 0;
    for event in order {
        let Act::Sheet { rater, sheet, what, .. } = event.act() else { continue };
        let Some(known) = sheets.sheets().iter().find(|known| known.id == *sheet) else {
            refused += 1;
            continue;
        };
        let (marks, submitted) = state.get_mut(&**sheet).unwrap();
        let day = event.stamp().time.day().to_string();
        let in_days = ("2026-10-01"..="2026-10-03").contains(&day.as_str());
        let is_reopening = matches!(what, Change::Reopen { .. });
        let mut holds = known.rater == *rater && open_at(event.stamp().time) && (in_days || is_reopening);
        holds = holds
            && match what {
                Change::Mark { mark, .. } => !*submitted && ["A", "B", "C"].contains(&&**mark),
                Change::Clear { .. } => !*submitted,
                Change::Submit { marks: seen } => {
                    let enough = if may_be_unmarked { !marks.is_empty() } else { marks.len() == 3 };
                    let now = ITEMS.map(|item| marks.get(item).cloned().unwrap_or_default());
                    **seen == *attested(&now) && (*submitted || enough)
                }
                Change::Withdraw | Change::Reopen { .. } => *submitted,
            };
        if !holds {
            refused += 1;
            continue;
        }
        match what {
            Change::Mark { item, mark } => {
                marks.insert(ITEMS.iter().find(|known| ***known == **item).unwrap(), mark.to_string());
            }
            Change::Clear { item } => {
                marks.remove(&**item);
            }
            Change::Submit { .. } => *submitted = true,
            Change::Withdraw | Change::Reopen { .. } => *submitted = false,
        }
    }
    let told = |(marks, submitted): (BTreeMap<&str, String>, bool)| {
        (ITEMS.iter().map(|item| marks.get(item).cloned().unwrap_or_default()).collect(), submitted)
    };
    (state.into_iter().map(|(id, state)| (id, told(state))).collect(), refused)
}

fn found(round: &RatingRound) -> BTreeMap<String, (Vec<String>, bool)> {
    let told = |view: kaohe::ratings::SheetView<'_>| {
        let marks = view.marks().into_iter().map(|(_, mark)| mark.unwrap_or("").to_owned()).collect();
        (view.sheet().id.to_string(), (marks, view.status() == Status::Submitted))
    };
    round.all().map(told).collect()
}

fn of_events(sheets: &Arc<Sheets>, events: impl IntoIterator<Item = Event>) -> RatingRound {
    let mut round = RatingRound::new(Arc::clone(sheets));
    for event in events {
        round.insert(event).unwrap();
    }
    round
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("KAOHE_LONG").is_some() { 20_000 } else { 400 }, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_arrival_and_every_repetition_gives_one_state(
        steps in steps(),
        order in prop::collection::vec(any::<u16>(), 0..200),
        cut in any::<prop::sample::Index>(),
        unmarked in any::<bool>(),
    ) {
        let sheets = sheets(if unmarked { "renormalise" } else { "error" });
        let devices = played(&sheets, &steps);
        let events = events_of(&devices);
        let expected = of_events(&sheets, events.clone());

        // any order, with repetitions
        let mut shuffled: Vec<Event> =
            order.iter().filter(|_| !events.is_empty()).map(|at| events[usize::from(*at) % events.len()].clone()).collect();
        shuffled.extend(events.iter().rev().cloned());
        prop_assert!(of_events(&sheets, shuffled.clone()) == expected);

        // through text, read in one go
        let text: String = shuffled.iter().map(Event::to_json_line).collect();
        let read = RatingRound::from_json_lines(Arc::clone(&sheets), text.as_bytes()).unwrap();
        prop_assert!(read.cut_off.is_none() && !read.lacks_end && read.sound_bytes == text.len());
        prop_assert!(read.round == expected);
        prop_assert_eq!(read.round.to_json_lines(), expected.to_json_lines());

        // two logs with a common part, either way round
        let at = if events.is_empty() { 0 } else { cut.index(events.len()) };
        let one = of_events(&sheets, events[..at].iter().cloned());
        let two = of_events(&sheets, events[at / 2..].iter().cloned());
        let (mut ab, mut ba) = (one.clone(), two.clone());
        prop_assert_eq!(ab.merge(&two).unwrap(), events.len() - at);
        ba.merge(&one).unwrap();
        prop_assert!(ab == expected && ba == expected);

        // three devices that hear of each other in the end
        let mut all = devices[0].clone();
        all.merge(&devices[1]).unwrap();
        all.merge(&devices[2]).unwrap();
        prop_assert!(all == expected);
        prop_assert_eq!(all.merge(&devices[1]).unwrap(), 0);
    }

    #[test]
    fn the_state_is_as_it_is_defined_and_no_event_is_lost(steps in steps(), unmarked in any::<bool>()) {
        let sheets = sheets(if unmarked { "zero" } else { "error" });
        let devices = played(&sheets, &steps);
        let events = events_of(&devices);
        let round = of_events(&sheets, events.clone());
        let (defined, refused) = defined(&sheets, &events, unmarked);
        prop_assert_eq!(found(&round), defined);
        prop_assert_eq!(round.refused().len(), refused);
        // what is submitted is what somebody saw when he submitted it
        for (id, (marks, _)) in found(&round).into_iter().filter(|(_, (_, submitted))| *submitted) {
            let seen = attested(&marks);
            let is_it = |event: &&Event| {
                matches!(event.act(), Act::Sheet { sheet, what: Change::Submit { marks }, .. } if **sheet == *id && **marks == *seen)
            };
            prop_assert!(events.iter().any(|event| is_it(&event)), "{id}");
        }
        prop_assert_eq!(round.events().into_iter().cloned().collect::<Vec<_>>(), events);
    }

    #[test]
    fn what_a_device_sees_is_what_its_log_says(steps in steps()) {
        let sheets = sheets("error");
        for round in played(&sheets, &steps) {
            let read = RatingRound::from_json_lines(Arc::clone(&sheets), round.to_json_lines().as_bytes()).unwrap();
            prop_assert!(read.round == round);
        }
    }

    /// The clock of these devices hardly moves, and they open and close, mark and hear of each other all the same.
    #[test]
    fn a_coarse_clock_loses_nothing(
        few in prop::collection::vec((0..3_usize, 0..6_usize, 0..3_u8, any::<u8>(), 24..27_u8), 0..60),
        unmarked in any::<bool>(),
    ) {
        let steps: Vec<Step> = few
            .into_iter()
            .map(|(device, what, sheet, mark, when)| (device, [0, 18, 15, 15, 16, 19][what], 0, sheet, mark, mark / 4, when))
            .collect();
        let sheets = sheets(if unmarked { "zero" } else { "error" });
        let devices = played(&sheets, &steps);
        let events = events_of(&devices);
        let round = of_events(&sheets, events.iter().rev().cloned());
        let (defined, refused) = defined(&sheets, &events, unmarked);
        prop_assert_eq!(found(&round), defined);
        prop_assert_eq!(round.refused().len(), refused);
        let mut all = devices[2].clone();
        for device in &devices {
            all.merge(device).unwrap();
            let read = RatingRound::from_json_lines(Arc::clone(&sheets), device.to_json_lines().as_bytes()).unwrap();
            prop_assert!(read.round == *device);
        }
        prop_assert!(all == round);
    }
}

#[test]
fn a_round_closed_by_mistake_is_opened_again_within_one_tick_of_the_clock() {
    let sheets = sheets("error");
    let stamp = Stamp { time: time(24), device: "d".into() };
    let mut round = RatingRound::new(Arc::clone(&sheets));
    for turn in 0..3 {
        // whoever does it, and at whichever device
        for (by, device) in [("人事部", "d"), ("办公室", "e")] {
            let stamp = Stamp { device: device.into(), ..stamp.clone() };
            let opened = round.open(by, &stamp).unwrap().unwrap();
            assert_eq!(opened.turn(), round.close(by, &stamp).unwrap().unwrap().turn());
            assert_eq!(opened.turn(), turn * 2 + u64::from(device == "e"));
            assert!(!round.is_open_at(stamp.time));
        }
    }
    assert_eq!(round.events().len(), 12);
    let opened = round.open("人事部", &stamp).unwrap().unwrap();
    assert!(round.is_open() && round.open("人事部", &stamp).unwrap().is_none());
    assert_eq!(Event::from_json_line(&opened.to_json_line()).unwrap(), opened);
    let id = Arc::clone(&round.tasks("P1").unwrap()[0].sheet().id);
    assert!(round.mark("P1", &id, "服务", "A", &stamp).unwrap().is_some());
    let read = RatingRound::from_json_lines(sheets, round.to_json_lines().as_bytes()).unwrap();
    assert!(read.round == round && read.round.is_open());
}

#[test]
fn the_first_turn_of_a_time_goes_without_saying_and_later_ones_are_told() {
    let stamp = Stamp { time: time(24), device: "d".into() };
    let close = |turn| Event::new(stamp.clone(), Act::Close { by: "人事部".into(), turn });
    assert!(!close(0).to_json_line().contains("turn"));
    let line = close(1).to_json_line();
    assert!(line.contains(r#""turn":1"#));
    assert_ne!(close(0).id(), close(1).id());
    for changed in [r#""turn":0"#, r#""turn":2"#, r#""turn":"1""#, r#""turn":-1"#, r#""turn":1.5"#] {
        assert!(Event::from_json_line(&line.replace(r#""turn":1"#, changed)).is_err(), "{changed}");
    }
    assert!(Event::from_json_line(&line.replace(r#","turn":1"#, "")).is_err());
}

#[test]
fn the_rounds_of_these_laws_have_sheets_submitted_and_events_refused() {
    let sheets = sheets("error");
    let mut runner = TestRunner::deterministic();
    let (mut submitted, mut refused) = (0, 0);
    for _ in 0..100 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let round = of_events(&sheets, events_of(&played(&sheets, &steps)));
        submitted += usize::from(round.all().any(|view| view.status() == Status::Submitted));
        refused += usize::from(!round.refused().is_empty());
    }
    assert!(submitted > 15 && refused > 15, "{submitted}, {refused}");
}

#[test]
fn a_log_cut_off_at_any_byte_loses_its_last_line_at_most() {
    let sheets = sheets("error");
    let mut round = RatingRound::new(Arc::clone(&sheets));
    let stamp = |second: usize| Stamp {
        time: HostTime::parse(&format!("2026-10-01T09:00:{second:02}")).unwrap(),
        device: "柜台".into(),
    };
    round.open("人事部", &stamp(0)).unwrap();
    let mine: Vec<_> = round.sheets_of("P1").unwrap().iter().map(|view| Arc::clone(&view.sheet().id)).collect();
    for (at, id) in mine.iter().take(2).enumerate() {
        for (item, name) in ITEMS.iter().enumerate() {
            round.mark("P1", id, name, "B", &stamp(1 + at * 5 + item)).unwrap();
        }
        round.submit("P1", id, &stamp(4 + at * 5)).unwrap();
    }
    // in the order in which they were appended
    let mut lines: Vec<&Event> = round.events();
    lines.sort_by_key(|event| event.stamp().time);
    let log: String = lines.iter().map(|event| event.to_json_line()).collect();
    let log = log.as_bytes();
    let mut told = 0;
    for cut in 0..=log.len() {
        let part = &log[..cut];
        let whole = part.iter().filter(|byte| **byte == b'\n').count();
        let read = RatingRound::from_json_lines(Arc::clone(&sheets), part).unwrap();
        let count = read.round.events().len();
        // only the end of a line may be lacking: then the event is there
        assert_eq!(count, whole + usize::from(read.lacks_end), "cut at {cut}");
        let partial = part.last().is_some_and(|byte| *byte != b'\n') && !read.lacks_end;
        assert_eq!(read.cut_off.is_some(), partial, "cut at {cut}");
        told += usize::from(partial);
        // the round goes on from what is sound
        let mut sound = part[..read.sound_bytes].to_vec();
        if read.lacks_end {
            sound.push(b'\n');
        }
        sound.extend_from_slice(&log[sound.len()..]);
        assert_eq!(sound, log, "cut at {cut}");
    }
    assert!(told > 1_000, "most cuts are within a line");
}

#[test]
fn a_byte_changed_anywhere_is_told_with_its_line_or_changes_nothing() {
    let sheets = sheets("error");
    let mut round = RatingRound::new(Arc::clone(&sheets));
    let stamp = Stamp { time: HostTime::parse("2026-10-01T09:00:00").unwrap(), device: "d".into() };
    round.open("人事部", &stamp).unwrap();
    let id = Arc::clone(&round.tasks("P1").unwrap()[0].sheet().id);
    for item in ITEMS {
        round.mark("P1", &id, item, "A", &stamp).unwrap();
    }
    let log = round.to_json_lines().into_bytes();
    for at in 0..log.len() {
        for bit in [1_u8, 2, 4, 32, 64, 128] {
            let mut changed = log.clone();
            changed[at] ^= bit;
            match RatingRound::from_json_lines(Arc::clone(&sheets), &changed) {
                Ok(read) => {
                    // the last line's end was lost, or the last line was cut off by it: that is said
                    let is_same = read.round == round;
                    assert!(is_same || read.cut_off.is_some(), "byte {at}, bit {bit}");
                }
                Err(error) => {
                    let line = log[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
                    assert!(error.message.en.contains(&format!("line {line}")), "{error}");
                }
            }
        }
    }
}

/// Sheets by definition: every pair of people is asked whether the one rates the other.
fn pairs(people: &[(String, String, Option<String>)], roles: &[(&str, bool)]) -> BTreeSet<(String, String, String)> {
    let mut pairs = BTreeSet::new();
    for (ratee, rated, place) in people.iter().filter(|(_, rated, _)| rated == "甲") {
        assert_eq!(rated, "甲");
        for (role, own) in roles {
            if *own {
                pairs.insert((role.to_string(), ratee.clone(), ratee.clone()));
                continue;
            }
            for (rater, _, group) in people.iter().filter(|(_, has, _)| has == role) {
                if rater != ratee && (group.is_none() || group == place) {
                    pairs.insert((role.to_string(), rater.clone(), ratee.clone()));
                }
            }
        }
    }
    pairs
}

proptest! {
    #[test]
    fn sheets_are_the_pairs_of_people_whatever_the_order_of_the_rows(
        people in prop::collection::btree_set((0..6_u8, 0..3_u8, 0..4_u8), 0..24),
        seed in any::<u64>(),
    ) {
        let text = |(person, role, group): &(u8, u8, u8)| {
            let group = (*group > 0).then(|| format!("组{group}"));
            (format!("人{person}"), ["甲", "乙", "丙"][usize::from(*role)].to_owned(), group)
        };
        let mut rows: Vec<_> = people.iter().map(text).collect();
        // in one role either with groups or without
        let without: Vec<_> = rows.iter().filter(|(.., group)| group.is_none()).map(|(p, r, _)| (p.clone(), r.clone())).collect();
        rows.retain(|(p, r, group)| group.is_none() || !without.contains(&(p.clone(), r.clone())));
        let source = "
kaohe: 1
scheme: s
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    stars: 5
    items: [{ name: a, points: 100 }]
    two_roles: each
    roles: { 甲: { weight: 50 }, 乙: { weight: 30 }, 丙: { weight: 10 }, 己: { weight: 10, self: true } }
    plan: [{ rated: 甲, raters: [乙, 甲, 己, 丙] }]
";
        let rating = Scheme::parse(source).unwrap().rating("测评").unwrap();
        let of = |rows: &[(String, String, Option<String>)]| {
            let rows = rows.iter().map(|(person, role, group)| (person.as_str(), role.as_str(), group.as_deref()));
            Sheets::new(rating.clone(), &Membership::of(rows).unwrap()).unwrap()
        };
        let made = of(&rows);
        let found: BTreeSet<_> = made
            .sheets()
            .iter()
            .map(|sheet| (sheet.role.to_string(), sheet.rater.to_string(), sheet.ratee.to_string()))
            .collect();
        prop_assert_eq!(found.len(), made.sheets().len());
        prop_assert_eq!(&found, &pairs(&rows, &[("甲", false), ("乙", false), ("丙", false), ("己", true)]));
        // another order of the rows
        let mut seed = seed;
        for at in (1..rows.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            rows.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
        }
        let again = of(&rows);
        prop_assert_eq!(again.sheets(), made.sheets());
    }
}
