//! Every principal × every relation × every operation, printed into `docs/access-matrix.md`.
//!
//! The file is generated: `XUNHE_BLESS=1 cargo test -p xunhe-domain --test access` writes
//! it. A change of a rule shows in its diff, and a stale file fails here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use xunhe_domain::access::{Action, Actor, Decision, LogObject, Object, RecordObject, may};
use xunhe_domain::register::{Day, PersonId, RegisterSet, Registers};

/// A small country: two roots, a prefix trap beside 永济 and one person per principal.
const COUNTRY: &str = include_str!("country.json");

/// Principal, person, home division, a reach of the principal's own in it.
const PEOPLE: [(&str, &str, &str, &str); 15] = [
    ("chief, city", "chief-city", "yc", "r-yc"),
    ("chief, county", "chief-county", "yj", "r-yj"),
    ("chief, township", "chief-town", "cb", "r-cb"),
    ("chief, village", "chief-village", "ss", "r-ss"),
    ("delegate of the county chief", "delegate", "yj", "r-yj"),
    ("inspector", "inspector", "cb", "r-cb"),
    ("handler", "handler", "yj", "r-yj"),
    ("liaison of the unit", "liaison", "yj", "r-yj"),
    ("supervising an outfall", "watcher", "yj", "r-yj"),
    ("supervisor, city", "supervisor-city", "yc", "r-yc"),
    ("supervisor, county", "supervisor-county", "yj", "r-yj"),
    ("auditor, county", "auditor", "yj", "r-yj"),
    ("admin", "admin", "yj", "r-yj"),
    ("water grant", "water", "yj", "r-yj"),
    ("section grant", "section", "yj", "r-yj"),
];

const RECORD_ACTIONS: [Action; 7] = [
    Action::PatrolSheet,
    Action::RecordRead,
    Action::BlobRead,
    Action::Comment,
    Action::CaseDecide,
    Action::CaseWithdraw,
    Action::PatrolRule,
];
const DUTY_ACTIONS: [Action; 1] = [Action::CaseWork];
const ENTRY_ACTIONS: [Action; 3] = [Action::Push, Action::UploadCreate, Action::Verify];
const LOG_ACTIONS: [Action; 2] = [Action::LogClose, Action::RescueImport];
const UPLOAD_ACTIONS: [Action; 3] = [
    Action::UploadAppend,
    Action::UploadState,
    Action::UploadCancel,
];

/// Whether an operation is about something that the call names.
fn takes_object(action: Action) -> bool {
    let all = [
        &RECORD_ACTIONS[..],
        &DUTY_ACTIONS,
        &LOG_ACTIONS,
        &UPLOAD_ACTIONS,
    ];
    all.concat().contains(&action)
}

/// One cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    principal: String,
    relation: &'static str,
    action: Action,
    decision: Decision,
}

fn set() -> RegisterSet {
    serde_json::from_str(COUNTRY).unwrap()
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn today() -> Day {
    "2026-06-15".parse().unwrap()
}

/// A stranger's record at a division and reach.
fn at(registers: &Registers, division: &str, reach: Option<&str>) -> RecordObject {
    let division = division.parse().unwrap();
    let reach = reach.map(|r| r.parse().unwrap());
    let belonging = registers.belonging(Some(&division), reach.as_ref());
    assert!(!belonging.unknown);
    RecordObject::new(person("stranger"), reach, &belonging)
}

/// The same country after everything below `home` moved to the other root.
fn after_move(home: &str) -> Registers {
    let mut set = set();
    for division in &mut set.divisions {
        if division.parent.as_ref().is_some_and(|p| p.as_str() == home) {
            division.parent = Some("xz".parse().unwrap());
        }
    }
    Registers::build(set).unwrap()
}

/// What a record can be to somebody at home in a division. Own ones lie far away, so that only
/// the relation can open them.
fn relations(
    registers: &Registers,
    me: &PersonId,
    home: &str,
    reach: &str,
) -> Vec<(&'static str, RecordObject)> {
    let tree = registers.tree();
    let id = home.parse().unwrap();
    let child = tree.children(&id).next().unwrap().id.as_str();
    let parent = tree.get(&id).unwrap().parent.clone().unwrap();
    let other = tree.children(&parent).map(|d| d.id.as_str());
    let mut siblings = other.filter(|d| *d != home);
    let (sibling, trap) = (siblings.next().unwrap(), format!("{home}3"));
    let far = || at(registers, "xz", None);
    let boundary = format!("b-{home}");

    let mut own = far();
    own.author = me.clone();
    let mut for_me = far();
    for_me.on_behalf_of = Some(me.clone());
    let mut assigned = far();
    assigned.handlers.insert(me.clone());
    let mut handed = far();
    handed.units.insert("slj".parse().unwrap());
    let mut about_outfall = far();
    about_outfall.outfall = Some("of-1".parse().unwrap());
    let mut outfall_handed = about_outfall.clone();
    outfall_handed.units.insert("town".parse().unwrap());
    let mut withdrawn = own.clone();
    withdrawn.withdrawn = true;
    let mut withdrawn_child = at(registers, child, None);
    withdrawn_child.withdrawn = true;
    vec![
        ("own", own),
        ("made for me", for_me),
        ("assigned to me", assigned),
        ("handed to unit", handed),
        ("names my outfall", about_outfall),
        ("names my outfall, handed over", outfall_handed),
        ("own reach", at(registers, home, Some(reach))),
        ("same division", at(registers, home, None)),
        ("child", at(registers, child, None)),
        ("boundary reach", at(registers, sibling, Some(&boundary))),
        ("parent", at(registers, parent.as_str(), None)),
        ("sibling", at(registers, sibling, None)),
        ("prefix of id", at(registers, &trap, None)),
        ("other root", far()),
        ("moved away", at(&after_move(home), child, None)),
        ("withdrawn, own", withdrawn),
        ("withdrawn, child", withdrawn_child),
    ]
}

/// Whose log it can be, seen from somebody at home in a division.
fn logs(registers: &Registers, me: &PersonId, home: &str) -> Vec<(&'static str, LogObject)> {
    let log = |person: &PersonId, at: &str| {
        let path = registers.tree().path(&at.parse().unwrap()).unwrap();
        LogObject {
            person: person.clone(),
            paths: [path.clone()].into(),
        }
    };
    let other = person("stranger");
    let id = home.parse().unwrap();
    let child = registers.tree().children(&id).next().unwrap();
    let parent = registers.tree().get(&id).unwrap().parent.clone().unwrap();
    let nowhere = LogObject {
        person: other.clone(),
        paths: BTreeSet::new(),
    };
    vec![
        ("own log", log(me, home)),
        ("of somebody in the same division", log(&other, home)),
        ("below it", log(&other, child.id.as_str())),
        ("above it", log(&other, parent.as_str())),
        ("under the other root", log(&other, "xz")),
        ("of somebody without a post", nowhere),
    ]
}

fn principals(registers: &Registers) -> Vec<(String, Actor, PersonId, &'static str, &'static str)> {
    let of = |id: &str, disabled| Actor::of(registers, &person(id), today(), disabled).unwrap();
    let device = Actor::Device {
        author: person("inspector"),
    };
    let mut all = vec![
        ("anonymous", Actor::Anonymous, "inspector", "cb", "r-cb"),
        (
            "disabled",
            of("supervisor-county", true),
            "supervisor-county",
            "yj",
            "r-yj",
        ),
        ("device credential", device, "inspector", "cb", "r-cb"),
    ];
    all.extend(PEOPLE.map(|(name, id, home, reach)| (name, of(id, false), id, home, reach)));
    all.into_iter()
        .map(|(name, actor, id, home, reach)| (name.to_owned(), actor, person(id), home, reach))
        .collect()
}

/// The whole matrix.
fn rows() -> Vec<Row> {
    let registers = Registers::build(set()).unwrap();
    let (stranger, unit) = (person("stranger"), "slj".parse().unwrap());
    let mut rows = Vec::new();
    for (principal, actor, me, home, reach) in principals(&registers) {
        let mut ask = |relation, action, object: &Object<'_>| {
            rows.push(Row {
                principal: principal.clone(),
                relation,
                action,
                decision: may(&actor, action, object),
            });
        };
        for action in Action::ALL {
            ask("the call", *action, &Object::Nothing);
        }
        for action in ENTRY_ACTIONS {
            ask("own entry", action, &Object::Entry { author: &me });
            ask(
                "another's entry",
                action,
                &Object::Entry { author: &stranger },
            );
        }
        for action in UPLOAD_ACTIONS {
            ask("own upload", action, &Object::Upload { owner: &me });
            ask(
                "another's upload",
                action,
                &Object::Upload { owner: &stranger },
            );
        }
        for (relation, log) in logs(&registers, &me, home) {
            for action in LOG_ACTIONS {
                ask(relation, action, &Object::Log(&log));
            }
        }
        for (relation, record) in relations(&registers, &me, home, reach) {
            for action in RECORD_ACTIONS {
                ask(relation, action, &Object::Record(&record));
            }
            for action in DUTY_ACTIONS {
                let (record, unit) = (&record, &unit);
                ask(relation, action, &Object::Duty { record, unit });
            }
        }
    }
    rows
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "✓",
        Decision::Hidden => "404",
        Decision::Denied(why) => why.code(),
    }
}

/// A table: one line per principal, one column per heading.
fn table(out: &mut String, title: &str, rows: &[&Row], heading: impl Fn(&Row) -> String) {
    let (mut columns, mut lines) = (Vec::new(), Vec::new());
    let mut cells = BTreeMap::new();
    for row in rows {
        let column = heading(row);
        if !columns.contains(&column) {
            columns.push(column.clone());
        }
        if !lines.contains(&row.principal) {
            lines.push(row.principal.clone());
        }
        cells.insert((row.principal.clone(), column), word(row.decision));
    }
    writeln!(out, "\n## {title}\n\n| | {} |", columns.join(" | ")).unwrap();
    writeln!(out, "|---|{}", "---|".repeat(columns.len())).unwrap();
    for line in lines {
        let cells = columns.iter().map(|c| cells[&(line.clone(), c.clone())]);
        let cells: Vec<_> = cells.collect();
        writeln!(out, "| **{line}** | {} |", cells.join(" | ")).unwrap();
    }
}

fn print(rows: &[Row]) -> String {
    let mut out = String::from(
        "# Who may do what\n\n\
         Generated from `domain::access::may` by `domain/tests/access/matrix.rs`; do not edit.\n\
         ✓ allowed · 404 not visible, answered like something that does not exist · a word: \
         refused with that code.\n",
    );
    let with = |keep: &dyn Fn(&Row) -> bool| rows.iter().filter(|r| keep(r)).collect::<Vec<_>>();
    let calls = with(&|r| r.relation == "the call" && !takes_object(r.action));
    table(&mut out, "Calls", &calls, |r| r.action.as_str().to_owned());
    let submits = with(&|r| r.relation.ends_with(" entry") || r.relation.ends_with(" upload"));
    table(&mut out, "Entries and uploads", &submits, |r| {
        format!("{}: {}", r.action.as_str(), r.relation)
    });
    let objects = RECORD_ACTIONS.into_iter().chain(DUTY_ACTIONS);
    for action in objects.chain(LOG_ACTIONS) {
        let record = with(&|r| r.action == action && r.relation != "the call");
        table(&mut out, action.as_str(), &record, |r| {
            r.relation.to_owned()
        });
    }
    out
}

#[test]
fn the_printed_matrix_is_what_the_code_decides() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access-matrix.md");
    let now = print(&rows());
    if std::env::var_os("XUNHE_BLESS").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let printed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        printed == now,
        "docs/access-matrix.md is stale: run with XUNHE_BLESS=1 and look at its diff"
    );
}

#[test]
fn every_operation_has_a_row_for_every_principal() {
    let rows = rows();
    let principals: BTreeSet<_> = rows.iter().map(|r| r.principal.as_str()).collect();
    assert_eq!(principals.len(), PEOPLE.len() + 3);
    for principal in principals {
        for action in Action::ALL {
            let found = rows
                .iter()
                .any(|r| r.principal == principal && r.action == *action);
            assert!(found, "{principal} × {}", action.as_str());
        }
    }
}

#[test]
fn a_pair_of_action_and_object_that_does_not_belong_together_opens_nothing() {
    let records: Vec<_> = rows()
        .into_iter()
        .filter(|r| r.relation == "the call")
        .filter(|r| takes_object(r.action))
        .collect();
    assert!(!records.is_empty());
    for row in records {
        assert!(!row.decision.is_allowed(), "{row:?}");
    }
}
