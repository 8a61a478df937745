//! A round of rating from the command line: what it says, and that its log survives whatever happens to the process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kaohe::Scheme;
use kaohe::ratings::{Act, Change, LogReading, Membership, RatingRound, Sheets};
use program::Folder;

const SCHEME: &str = "
kaohe: 1
scheme: 客户经理考核
inputs: { 工号: { type: text, key: true, header: 员工编号 } }
ratings:
  民主测评:
    marks: { max: 1000000 }
    items:
      - { name: 服务, points: 60, standard: 待客主动, anchors: { 1000000: 客户致谢, 0: 客户投诉 } }
      - { name: 协作, points: 40 }
    roles: { 上级: { weight: 90 }, 本人: { weight: 10, self: true } }
    plan: [{ rated: 客户经理, raters: [上级, 本人] }]
";

const MEMBERS: &str = "员工编号,角色,组\n900,上级,\n901,上级,城东\n001,客户经理,城东\n002,客户经理,城西\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.file("scheme.yaml", SCHEME);
    folder.file("members.csv", MEMBERS);
    folder
}

/// `kaohe round` with the files of the folder.
fn round(folder: &Folder, command: &str) -> program::Run {
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    folder.kaohe(&format!("round {verb} <scheme.yaml> --members <members.csv> --log <log.jsonl> {rest}"))
}

/// The log as the library reads it.
fn read(folder: &Folder) -> LogReading {
    let rows = MEMBERS.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (*cells.first().unwrap(), *cells.get(1).unwrap(), cells.get(2).copied())
    });
    let rating = Scheme::parse(SCHEME).unwrap().rating("民主测评").unwrap();
    let sheets = Sheets::new(rating, &Membership::of(rows).unwrap()).unwrap();
    RatingRound::from_json_lines(sheets, &fs::read(folder.path("log.jsonl")).unwrap()).unwrap()
}

/// The marks in the log, in no order.
fn marks(reading: &LogReading) -> Vec<String> {
    let mark = |event: &kaohe::ratings::Event| match event.act() {
        Act::Sheet { what: Change::Mark { mark, .. }, .. } => Some(mark.to_string()),
        _ => None,
    };
    reading.round.events().into_iter().filter_map(mark).collect()
}

#[test]
fn a_rater_does_half_leaves_and_comes_back() {
    let folder = folder("half");
    let early = round(&folder, "status");
    assert_eq!(early.exit, Some(2));
    assert!(early.err.contains("open the round first"), "{}", early.err);
    let opened = round(&folder, "open --by 人事部");
    assert_eq!(opened.exit, Some(0), "{}", opened.err);
    assert!(opened.out.contains("5 sheets for 4 raters"), "{}", opened.out);
    let half = round(&folder, "mark --rater 900 --ratee 001 服务=95");
    assert_eq!(half.exit, Some(0), "{}", half.err);
    assert!(half.out.contains("1 of 2 items marked, outstanding: 协作"), "{}", half.out);
    let early = round(&folder, "submit --rater 900 --ratee 001 --lang zh");
    assert_eq!(early.exit, Some(1));
    assert!(early.err.contains("错误[K1010]: 尚未评的考评项：`协作`"), "{}", early.err);
    // one is refused, so none is kept
    let wrong = round(&folder, "mark --rater 900 --ratee 001 服务=1 协作=优");
    assert_eq!(wrong.exit, Some(1));
    assert!(wrong.err.contains("error[K0941]: `优` is no mark of the scale"), "{}", wrong.err);
    let again = round(&folder, "mark --rater 900 --ratee 001 服务=95");
    assert!(again.out.starts_with("nothing changed"), "{}", again.out);
    assert_eq!(round(&folder, "mark --rater 900 --ratee 001 协作=80").exit, Some(0));
    assert!(round(&folder, "submit --rater 900 --ratee 001").out.contains("submitted at "));
    let tasks = round(&folder, "status --rater 900");
    assert!(tasks.out.contains("900: 1 of 2 sheets submitted") && tasks.out.contains("900 → 002"), "{}", tasks.out);
    assert!(!tasks.out.contains("900 → 001"), "{}", tasks.out);
    // what is asked is told with the tasks
    let form = "the marks are the whole numbers from 0 to 1000000\n服务: 待客主动\n    1000000: 客户致谢\n    0: 客户投诉\n协作\n";
    assert!(tasks.out.contains(form), "{}", tasks.out);
    // an id of somebody else's sheet is a mistake
    let log = read(&folder);
    let id = &log.round.sheet_of("900", "001", None).unwrap().sheet().id;
    let wrong = round(&folder, &format!("reopen --rater 901 --sheet {id} --by 人事部 --reason 评错人"));
    assert_eq!(wrong.exit, Some(1));
    assert!(wrong.err.contains("error[K1006]"), "{}", wrong.err);
    let other = round(&folder, "mark --rater 901 --ratee 002 服务=1");
    assert!(other.err.contains("error[K1005]"), "not of his group: {}", other.err);
    let export = round(&folder, "export");
    assert_eq!(
        (export.exit, export.out.as_str()),
        (Some(0), "\u{feff}工号,角色,考评人,服务,协作\r\n001,上级,900,95,80\r\n")
    );
    let back = round(&folder, "reopen --rater 900 --ratee 001 --by 人事部 --reason 评错人");
    assert_eq!(back.exit, Some(0), "{}", back.err);
    assert!(round(&folder, "status --rater 900 --lang zh").out.contains("人事部 退回：评错人"));
    assert!(round(&folder, "close --by 人事部").out.contains("0 of 5 sheets submitted"));
    let late = round(&folder, "submit --rater 900 --ratee 001");
    assert!(late.err.contains("error[K1011]"), "{}", late.err);
    for line in
        ["mark --rater 900 服务=1", "mark --rater 900 --ratee 001", "open", "reopen --rater 900 --ratee 001 --by x"]
    {
        assert_eq!(round(&folder, line).exit, Some(2), "{line}");
    }
}

#[test]
fn a_log_of_another_plan_and_an_altered_log_are_refused() {
    let folder = folder("altered");
    assert_eq!(round(&folder, "open --by 人事部").exit, Some(0));
    assert_eq!(round(&folder, "mark --rater 900 --ratee 001 服务=95").exit, Some(0));
    let log = fs::read_to_string(folder.path("log.jsonl")).unwrap();
    folder.file("log.jsonl", log.replace("\"95\"", "\"59\""));
    let altered = round(&folder, "status");
    assert_eq!(altered.exit, Some(1));
    assert!(altered.err.contains("error[K1014]") && altered.err.contains("line 2 of the log"), "{}", altered.err);
    folder.file("log.jsonl", &log);
    folder.file("scheme.yaml", SCHEME.replace("协作", "合作"));
    let other = round(&folder, "mark --rater 900 --ratee 001 服务=96");
    assert_eq!(other.exit, Some(1));
    assert!(other.err.contains("error[K1013]"), "{}", other.err);
    assert_eq!(fs::read_to_string(folder.path("log.jsonl")).unwrap(), log);
}

#[test]
fn two_processes_do_not_write_at_once() {
    let folder = folder("locked");
    assert_eq!(round(&folder, "open --by 人事部").exit, Some(0));
    let held = File::open(folder.path("log.jsonl")).unwrap();
    held.lock().unwrap();
    let since = Instant::now();
    let refused = round(&folder, "mark --rater 900 --ratee 001 服务=1");
    assert_eq!(refused.exit, Some(1));
    assert!(refused.err.contains("another process is using the log"), "{}", refused.err);
    assert!(since.elapsed() >= Duration::from_secs(2));
    held.unlock().unwrap();
    // many at once wait for each other
    std::thread::scope(|scope| {
        for rater in ["900", "901", "001", "002"] {
            let folder = &folder;
            scope.spawn(move || {
                let ratee = if rater == "002" { "002" } else { "001" };
                for mark in 1..=10 {
                    let run = round(folder, &format!("mark --rater {rater} --ratee {ratee} 服务={rater}{mark}"));
                    assert_eq!(run.exit, Some(0), "{}", run.err);
                }
            });
        }
    });
    let reading = read(&folder);
    assert_eq!(marks(&reading).len(), 40);
    assert!(reading.round.refused().is_empty() && reading.cut_off.is_none());
}

#[test]
fn a_process_killed_at_any_moment_leaves_a_log_that_has_all_it_said() {
    let folder = folder("killed");
    assert_eq!(round(&folder, "open --by 人事部").exit, Some(0));
    let start = |mark: usize| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kaohe"));
        command.args(["round", "mark", &folder.path("scheme.yaml"), "--members", &folder.path("members.csv")]);
        command.args(["--log", &folder.path("log.jsonl"), "--rater", "900", "--ratee", "001", &format!("服务={mark}")]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let since = Instant::now();
    assert!(start(1).wait().unwrap().success());
    let usual = since.elapsed();
    let (mut said, mut killed) = (vec![1_usize], 0);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for mark in 2..=301 {
        // somewhere within the life of a process, and a little beyond
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = usual.mul_f64(1.3).mul_f64(f64::from(u32::try_from(seed >> 33).unwrap()) / f64::from(1_u32 << 31));
        let mut process = start(mark);
        std::thread::sleep(part);
        let _ = process.kill();
        let output = process.wait_with_output().unwrap();
        // what was said is on the disk, however it ended then
        if output.stdout.ends_with(b"\n") {
            said.push(mark);
        }
        killed += usize::from(!output.status.success());
        let found = marks(&read(&folder));
        let lost: Vec<_> = said.iter().filter(|said| !found.contains(&said.to_string())).collect();
        assert!(lost.is_empty(), "said and lost: {lost:?}");
    }
    eprintln!("killed {killed} of 300, {} done", said.len());
    assert!(
        killed > 50 && said.len() > 20,
        "the kills are spread over the life of a process: {killed}, {}",
        said.len()
    );
    assert_eq!(round(&folder, "status").exit, Some(0));
}

#[test]
fn a_log_cut_off_anywhere_goes_on_from_what_is_sound() {
    let folder = folder("cut");
    assert_eq!(round(&folder, "open --by 人事部").exit, Some(0));
    for mark in 1..=3 {
        assert_eq!(round(&folder, &format!("mark --rater 900 --ratee 001 服务={mark}")).exit, Some(0));
    }
    let log = fs::read(folder.path("log.jsonl")).unwrap();
    let opening = log.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut told = 0;
    for cut in (opening..=log.len()).step_by(7) {
        folder.file("log.jsonl", log.get(..cut).unwrap());
        let before = marks(&read(&folder)).len();
        let run = round(&folder, "mark --rater 900 --ratee 001 服务=77");
        assert_eq!(run.exit, Some(0), "cut at {cut}: {}", run.err);
        told += usize::from(run.err.contains("was cut off after"));
        let reading = read(&folder);
        assert!(reading.cut_off.is_none() && !reading.lacks_end, "cut at {cut}");
        assert_eq!(marks(&reading).len(), before + 1, "cut at {cut}");
    }
    assert!(told > 50, "{told}");
    // zeros that a system leaves at the end after a loss of power
    let mut zeros = log.clone();
    zeros.extend([0; 100]);
    folder.file("log.jsonl", zeros);
    assert_eq!(round(&folder, "mark --rater 900 --ratee 001 服务=78").exit, Some(0));
    assert!(marks(&read(&folder)).contains(&"78".to_owned()));
}
