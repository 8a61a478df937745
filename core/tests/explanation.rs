//! Explanations of the worked examples.
use kaohe::diagnostic::Language;
use kaohe::{Row, Scheme};

#[test]
fn show() {
    let scheme = Scheme::parse(include_str!("../../examples/bank_quarter/scheme.yaml")).unwrap();
    let csv = include_str!("../../examples/bank_quarter/staff.csv");
    let head: Vec<_> = csv.lines().next().unwrap().split(',').collect();
    for line in csv.lines().skip(1).filter(|line| ["001", "016"].contains(&&line[..3])) {
        let mut row = Row::new();
        for (name, cell) in head.iter().zip(line.split(',')) {
            row.set(name, cell);
        }
        let why = scheme.explain_row(&row, None).unwrap();
        println!("{}", why.to_text(Language::Chinese));
        println!("{}", why.to_text(Language::English));
        println!("{}", why.to_json());
    }
}
