//! Two runs held against each other: what is told, and the law that a total's difference is that of its parts and steps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    unreachable_pub,
    dead_code,
    missing_docs,
    reason = "a test"
)]

#[path = "program/chance.rs"]
mod chance;
#[path = "program/groups.rs"]
mod groups;

use chance::Chance;
use groups::{people, scheme, spoiled};
use kaohe::compare::{Because, Comparison, Movement, Source, Standing, compare};
use kaohe::diagnostic::Language;
use kaohe::number::Number;
use kaohe::{Cell, Data, Figure, Options, Row, Run, Scheme, Table};

/// An edition of a scheme with everything a total can have.
fn edition(weights: (u32, u32), cap: u32, edges: (u32, u32)) -> Scheme {
    let (first, second) = weights;
    let (a, b) = edges;
    Scheme::parse(&format!(
        "
kaohe: 1
scheme: 考核
edition: v{cap}
rounding: {{ items: 2, totals: 2 }}
inputs:
  工号: {{ type: text, key: true }}
  组: {{ type: choice, values: [东, 西] }}
  业绩分: {{ type: number, min: 0 }}
  服务分: {{ type: number, min: 0, missing: allow }}
  表彰: {{ type: number, missing: 0 }}
  案件: {{ type: bool, missing: false }}
computed:
  名次: rank(得分 desc ties min within 组)
scores:
  得分:
    cap: {cap}
    items:
      业绩: {{ weight: {first}, formula: 业绩分 }}
      服务: {{ weight: {second}, formula: 服务分, when_missing: redistribute }}
    adjustments:
      - {{ name: 加分, points: 表彰, max: 5 }}
    vetoes:
      - {{ name: 案件, when: 案件, score_at_most: 59 }}
grades:
  等级:
    ladder: [A, B, C]
    thresholds: {{ of: 得分, at_least: [[{a}, A], [{b}, B]], else: C }}
"
    ))
    .unwrap_or_else(|error| panic!("{}", error.render(None, Language::English)))
}

fn row(key: &str, group: &str, first: impl Into<Cell>, second: impl Into<Cell>) -> Row {
    Row::new()
        .with("工号", key)
        .with("组", group)
        .with("业绩分", first)
        .with("服务分", second)
        .with("表彰", 0)
        .with("案件", false)
}

fn run(scheme: &Scheme, people: Vec<Row>) -> Run {
    scheme.score(Data::of(Table::of_rows(people)), Options::default()).unwrap()
}

/// The differences of the parts and steps of every total add up to its own.
fn adds_up(found: &Comparison) -> usize {
    let mut totals = 0;
    for person in &found.changed {
        for change in &person.changes {
            let Because::Parts(parts) = &change.because else { continue };
            let sum = parts.iter().fold(Number::ZERO, |sum, part| sum.add(&part.difference()));
            assert_eq!(Some(&sum), change.difference.as_ref(), "{} of {}", change.column, person.key);
            totals += 1;
        }
    }
    for column in &found.columns {
        let Some(numbers) = column.numbers.as_ref().filter(|numbers| !numbers.by_source.is_empty()) else { continue };
        let sum = numbers.by_source.iter().fold(Number::ZERO, |sum, (_, added)| sum.add(added));
        assert_eq!(sum, numbers.difference(), "{}", column.column);
    }
    totals
}

#[test]
fn another_edition_is_told_person_by_person() {
    let people = || {
        vec![
            row("001", "东", 90, 70).with("表彰", 9),
            row("002", "东", 95, 94),
            row("003", "西", 60, Cell::Missing),
            row("004", "西", 88, 80).with("案件", true),
            row("005", "西", 50, 50),
        ]
    };
    let (old, new) = (edition((70, 30), 120, (85, 70)), edition((40, 60), 90, (80, 60)));
    let found = compare(&run(&old, people()), &run(&new, people()));
    assert!(adds_up(&found) >= 2);
    let changes = |key: &str| found.changed.iter().find(|person| person.key == key).unwrap().changes.clone();

    // 84 + 5 became 78 + 5: the weights moved, the commendation stayed
    let score = changes("001").into_iter().find(|change| &*change.column == "得分").unwrap();
    let Because::Parts(parts) = &score.because else { panic!("{score:?}") };
    let told: Vec<_> = parts.iter().map(|part| (part.source.clone(), part.difference().to_string())).collect();
    assert_eq!(told, [(Source::Part("业绩".into()), "-27".to_owned()), (Source::Part("服务".into()), "21".to_owned())]);
    assert_eq!(parts[0].weights.as_deref(), Some(&(Number::from(70), Number::from(40))));

    // 94.70 became 94.40, which the new cap holds at 90
    let score = changes("002").into_iter().find(|change| &*change.column == "得分").unwrap();
    let Because::Parts(parts) = &score.because else { panic!("{score:?}") };
    assert_eq!(
        parts.last().map(|part| (part.source.clone(), part.difference().to_string())),
        Some((Source::Cap, "-4.4".to_owned()))
    );

    // nothing he reads has changed but the edges of the grade
    let grade = changes("003").into_iter().find(|change| &*change.column == "等级").unwrap();
    assert_eq!((grade.movement, &grade.because), (Some(Movement::Up), &Because::Rule));

    // the worst of his group before and now
    assert!(found.changed.iter().all(|person| person.key != "005"), "{:?}", changes("005"));

    let grades = &found.gradings[0];
    assert_eq!((grades.up, grades.down, grades.same, grades.elsewhere), (1, 0, 4, 0));
    let word = |word: &str| Standing::Word(word.into());
    assert_eq!(grades.old, [word("A"), word("B"), word("C")]);
    assert_eq!(grades.matrix.iter().flatten().sum::<usize>(), 5);

    let english = found.to_text(Language::English);
    assert!(
        english.contains("得分 89.00 → 83.00 (-6): 业绩 -27 (weight 70 → 40), 服务 +21 (weight 30 → 60)"),
        "{english}"
    );
    let chinese = found.to_text(Language::Chinese);
    assert!(chinese.contains("等级：升 1 人，降 0 人，不变 4 人"), "{chinese}");
    let json: serde_json::Value = serde_json::from_str(&found.to_json()).unwrap();
    assert_eq!((&json["comparison"], &json["gradings"][0]["up"]), (&1.into(), &1.into()));
}

#[test]
fn a_place_changes_by_the_scores_of_others() {
    let scheme = edition((70, 30), 120, (85, 70));
    let before = vec![row("001", "东", 90, 90), row("002", "东", 80, 80), row("003", "西", 70, 70)];
    let after = vec![row("001", "东", 75, 90), row("002", "东", 80, 80), row("003", "西", 70, 70)];
    let found = compare(&run(&scheme, before), &run(&scheme, after));
    let of = |key: &str| found.changed.iter().find(|person| person.key == key).map(|person| person.changes.clone());
    let place = of("002").unwrap().remove(0);
    assert_eq!(&*place.column, "名次");
    let others = Because::Read { columns: Vec::new(), others: vec!["得分".into()], other_people: false };
    assert_eq!(place.because, others);
    // an item that is scored by a fact of the person
    let item = of("001").unwrap().into_iter().find(|change| &*change.column == "业绩").unwrap();
    assert_eq!(item.because, Because::Read { columns: vec!["业绩分".into()], others: Vec::new(), other_people: false });
    assert_eq!(of("003"), None);
}

#[test]
fn who_is_in_one_run_only_is_told_and_what_has_no_value() {
    let scheme = edition((70, 30), 120, (85, 70));
    let before = vec![row("001", "东", 90, 90), row("002", "东", 80, 80), row("004", "西", 1, 1)];
    let after = vec![row("003", "西", 70, 70), row("002", "东", "many", 80), row("001", "东", 90, 90)];
    let found = compare(&run(&scheme, before), &run(&scheme, after));
    assert_eq!(
        (found.people, &*found.only_old, &*found.only_new),
        (2, &["004".to_owned()][..], &["003".to_owned()][..])
    );
    assert_eq!(found.old.incomplete, Vec::<String>::new());
    assert_eq!(found.new.incomplete, ["002", "001"]);
    let person = found.changed.iter().find(|person| person.key == "002").unwrap();
    let score = person.changes.iter().find(|change| &*change.column == "得分").unwrap();
    assert_eq!(score.new.figure, Figure::Empty(kaohe::code::Code::Blocked));
    assert_eq!(
        (&score.difference, &score.because),
        (&None, &Because::Read { columns: vec!["业绩".into()], others: Vec::new(), other_people: false })
    );
    let grade = person.changes.iter().find(|change| &*change.column == "等级").unwrap();
    assert_eq!(grade.movement, Some(Movement::Elsewhere));
    let of = |name: &str| found.columns.iter().find(|column| &*column.column == name).unwrap();
    assert_eq!((of("得分").empty, of("名次").provisional), ((0, 1), (0, 1)));
    assert_eq!(of("得分").numbers.as_ref().unwrap().people, 1);
    let text = found.summary_text(Language::English);
    for line in ["only in the old run: 004", "only in the new run: 003", "incomplete in the new run: 002, 001"] {
        assert!(text.contains(line), "{text}");
    }
}

/// The law over random schemes and facts: parts and steps add up, and nothing that changed is left out.
#[test]
fn what_parts_and_steps_add_up_to_is_the_difference() {
    let mut totals = 0;
    for seed in 0..80 {
        let mut chance = Chance(seed ^ 0xC0_4A8E);
        let Ok(scheme) = Scheme::parse(&scheme(&mut chance)) else { continue };
        let whole = people(&mut chance);
        let (other, _) = spoiled(&mut chance, &whole);
        let mut moved = whole.clone();
        for row in &mut moved.rows {
            row[3] = Cell::Integer(chance.between(0, 9));
        }
        let score = |people: &groups::People| scheme.score(people.data(), Options::default()).unwrap();
        let (one, two, three) = (score(&whole), score(&other), score(&moved));
        assert!(compare(&one, &one).changed.is_empty(), "a run differs from itself");
        for (old, new) in [(&one, &two), (&one, &three), (&two, &three)] {
            let found = compare(old, new);
            totals += adds_up(&found);
            let counted: usize = found.columns.iter().map(|column| column.changed).sum();
            assert_eq!(counted, found.changed.iter().map(|person| person.changes.len()).sum::<usize>());
            // the same rules and the same given values: something that was read has changed, or others have
            for change in found.changed.iter().flat_map(|person| &person.changes) {
                assert_ne!(change.because, Because::Rule, "seed {seed}: {change:?}\n{}", scheme.source());
            }
            assert!(!found.to_text(Language::Chinese).is_empty());
        }
    }
    assert!(totals > 100, "only {totals} totals changed");
}

/// What each part brings is what the explanation of the two rows says of it.
#[test]
fn contributions_are_those_of_the_explanations() {
    let (old, new) = (edition((70, 30), 120, (85, 70)), edition((25, 75), 90, (80, 60)));
    let people = || {
        vec![
            row("001", "东", "91.37", 70).with("表彰", 9),
            row("002", "东", 66, Cell::Missing),
            row("003", "西", 99, 98),
        ]
    };
    let (old, new) = (run(&old, people()), run(&new, people()));
    let found = compare(&old, &new);
    let mut seen = 0;
    for person in &found.changed {
        // the place of somebody whose score stayed may have changed
        let Some(change) = person.changes.iter().find(|change| &*change.column == "得分") else { continue };
        let Because::Parts(parts) = &change.because else { panic!("{change:?}") };
        let explained = |run: &Run, row: usize, name: &str| {
            let why = run.explain(row, Some("得分")).unwrap();
            let part = why.column("得分").unwrap().parts.iter().find(|part| &*part.column == name).cloned();
            part.unwrap().contribution.unwrap()
        };
        for part in parts {
            let Source::Part(name) = &part.source else { continue };
            assert_eq!(part.old, explained(&old, person.old_row, name));
            assert_eq!(part.new, explained(&new, person.new_row, name));
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}
