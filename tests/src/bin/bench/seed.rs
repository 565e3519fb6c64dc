//! Cases as a city's desk has them: real sealed entries of several people, pushed over HTTP.

use domain::case::Step;
use domain::entry::{BlobRef, BlobRole, CapturedVia};
use domain::hash::Sha256;
use domain::ids::{EntryId, RecordId};
use domain::record::{Discharge, Fields, Finding, Outcome, ProblemCode, Signs};
use domain::register::{Day, DeadlineClass, DivisionId, ReachId, UnitId};
use domain::time::WallMs;
use std::collections::{BTreeMap, BTreeSet};
use xunhe_tests::pen::{self, Pen, Where};
use xunhe_tests::photos;
use xunhe_tests::server::Server;

const DAY_MS: i64 = 24 * 3_600_000;
/// Cases were found on so many days.
const DAYS: u32 = 60;

/// Who reports where, and which unit puts it right.
struct Ground {
    reporter: &'static str,
    county: &'static str,
    reach: &'static str,
    desk: &'static str,
    unit: &'static str,
    handler: &'static str,
    /// North and east, degrees.
    at: (f64, f64),
}

const GROUNDS: [Ground; 6] = [
    ground(
        "wgy-yongji",
        "yongji",
        "ssh-chengbei",
        "slj-yongji",
        (34.867, 110.442),
    ),
    ground(
        "wgy2-yongji",
        "yongji",
        "yxq-qingtou",
        "sthj-yongji",
        (34.98, 110.56),
    ),
    ground(
        "wgy-yanhu",
        "yanhu",
        "ssh-beixiang",
        "swj-yanhu",
        (35.10, 110.93),
    ),
    ground(
        "wgy2-yanhu",
        "yanhu",
        "yxq-daqu",
        "swj-yanhu",
        (35.00, 111.00),
    ),
    ground(
        "wgy-hejin",
        "hejin",
        "fh-chaijia",
        "chaijia",
        (35.547, 110.698),
    ),
    ground(
        "wgy2-hejin",
        "hejin",
        "fh-yangcun",
        "sthj-hejin",
        (35.58, 110.72),
    ),
];

const fn ground(
    reporter: &'static str,
    county: &'static str,
    reach: &'static str,
    unit: &'static str,
    at: (f64, f64),
) -> Ground {
    let (desk, handler) = match unit.as_bytes() {
        b"slj-yongji" => ("hzb-yongji", "zrr-yongji"),
        b"sthj-yongji" => ("hzb-yongji", "zrr-sthj-yongji"),
        b"swj-yanhu" => ("hzb-yanhu", "zrr-yanhu"),
        b"chaijia" => ("hzb-hejin", "zrr-hejin"),
        _ => ("hzb-hejin", "zrr-sthj-hejin"),
    };
    Ground {
        reporter,
        county,
        reach,
        desk,
        unit,
        handler,
        at,
    }
}

/// A case under way.
struct Case {
    ground: &'static Ground,
    record: RecordId,
    last: EntryId,
    found: WallMs,
    /// How far it goes.
    path: &'static [Move],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Accept,
    Reject,
    HandOver,
    Sign,
    Progress,
    Apply,
    Redo,
    Close,
}

use Move::{Accept, Apply, Close, HandOver, Progress, Redo, Reject, Sign};

/// How cases stand: of twenty, nine are closed.
const PATHS: [&[Move]; 20] = [
    &[],
    &[Reject],
    &[Accept],
    &[Accept, HandOver],
    &[Accept, HandOver],
    &[Accept, HandOver, Sign],
    &[Accept, HandOver, Sign],
    &[Accept, HandOver, Sign, Progress],
    &[Accept, HandOver, Sign, Apply],
    &[Accept, HandOver, Sign, Apply],
    &[Accept, HandOver, Sign, Apply, Redo],
    CLOSED,
    CLOSED,
    CLOSED,
    CLOSED,
    CLOSED,
    CLOSED,
    CLOSED,
    CLOSED,
    CLOSED,
];
const CLOSED: &[Move] = &[Accept, HandOver, Sign, Progress, Apply, Close];

/// Everybody's pens, by account.
struct Desk {
    url: String,
    password: String,
    pens: BTreeMap<&'static str, Pen>,
}

impl Desk {
    async fn pen(&mut self, account: &'static str) -> &mut Pen {
        if !self.pens.contains_key(account) {
            let pen = Pen::of(&self.url, account, &self.password).await;
            self.pens.insert(account, pen);
        }
        self.pens.get_mut(account).unwrap()
    }

    async fn send(&mut self) {
        for pen in self.pens.values_mut() {
            pen.send().await;
        }
    }
}

/// Fills a server; returns how many entries it took.
pub(crate) async fn cases(server: &Server, count: u32) -> u32 {
    let mut desk = Desk {
        url: server.url(),
        password: server.password.clone(),
        pens: BTreeMap::new(),
    };
    let registers = desk.pen("hzb-yc").await.api.desk_registers().await;
    let villages: BTreeMap<&str, Vec<DivisionId>> = GROUNDS
        .iter()
        .map(|g| {
            let all = registers.divisions.iter().map(|d| d.id.clone());
            let below = all.filter(|d| d.as_str().starts_with(g.county));
            (g.county, below.collect())
        })
        .collect();
    let problems: Vec<ProblemCode> = registers.problems.iter().map(|p| p.code.clone()).collect();
    let mut chance = Chance(1);
    let pictures = Pictures {
        photo: photos::tiny(320),
        thumb: photos::tiny(160),
    };
    let (blobs, mut shown) = (pictures.named(), BTreeSet::new());
    let (mut cases, mut entries) = (Vec::new(), 0);
    for n in 0..count {
        let ground = &GROUNDS[chance.below(GROUNDS.len())];
        let villages = &villages[ground.county];
        let days = chance.below(DAYS as usize);
        let found = WallMs(pen::now().0 - i64::try_from(days).unwrap() * DAY_MS);
        let place = Where {
            reach: Some(ground.reach.parse::<ReachId>().unwrap()).filter(|_| n % 2 == 0),
            division: Some(villages[chance.below(villages.len())].clone()),
            fix: Some((
                ground.at.0 + chance.part() * 0.08 - 0.04,
                ground.at.1 + chance.part() * 0.08 - 0.04,
            )),
        };
        let problem = problems[chance.below(problems.len())].clone();
        let fields = report(n, problem, blobs[0].sha256);
        let pen = desk.pen(ground.reporter).await;
        pen.wall_ms = found;
        let first = pen.report(&fields, blobs.clone(), place);
        entries += 1;
        if shown.insert(ground.reporter) {
            pen.send().await;
            pen.api.upload(first, &pictures.photo).await;
            pen.api.upload(first, &pictures.thumb).await;
        }
        cases.push(Case {
            ground,
            record: first.as_record(),
            last: first,
            found,
            path: PATHS[chance.below(PATHS.len())],
        });
    }
    desk.send().await;
    // One step of every case after the other, as weeks would bring them.
    for round in 0..CLOSED.len() {
        for case in &mut cases {
            let Some(step) = case.path.get(round) else {
                continue;
            };
            let (account, step) = what(*step, case);
            let pen = desk.pen(account).await;
            pen.wall_ms = WallMs(case.found.0 + i64::try_from(round + 1).unwrap() * 3_600_000);
            case.last = pen.step(case.record, case.last, &step);
            entries += 1;
        }
        desk.send().await;
    }
    entries
}

/// The same two pictures for everything: each person shows once to have them.
struct Pictures {
    photo: Vec<u8>,
    thumb: Vec<u8>,
}

impl Pictures {
    fn named(&self) -> Vec<BlobRef> {
        let of = |bytes: &[u8], role, of| BlobRef {
            sha256: Sha256::of(bytes),
            size: bytes.len() as u64,
            mime: "image/jpeg".to_owned(),
            role,
            of,
            captured_via: CapturedVia::Camera,
        };
        let photo = of(&self.photo, BlobRole::Photo, None);
        let thumb = of(&self.thumb, BlobRole::Thumb, Some(photo.sha256));
        vec![photo, thumb]
    }
}

fn report(n: u32, problem: ProblemCode, photo: Sha256) -> Fields {
    let photos = vec![photo];
    let note = Some(format!("桥下游约{}米，岸边堆放", n % 500));
    if n.is_multiple_of(3) {
        return Fields::Discharge(Discharge {
            problem,
            signs: Signs::default(),
            photos,
            after: Vec::new(),
            no_photo_reason: None,
            outcome: Outcome::HandedUp,
            note,
        });
    }
    Fields::Finding(Finding {
        problem,
        photos,
        after: Vec::new(),
        no_photo_reason: None,
        outcome: Outcome::HandedUp,
        note,
    })
}

/// Who does it, and what it says.
fn what(step: Move, case: &Case) -> (&'static str, Step) {
    let ground = case.ground;
    let unit: UnitId = ground.unit.parse().unwrap();
    let due = Day::in_china(case.found).and_then(|day| day.plus_days(7));
    match step {
        Accept => (
            ground.desk,
            Step::Accept {
                class: DeadlineClass::SevenDays,
                note: None,
            },
        ),
        Reject => (
            ground.desk,
            Step::Reject {
                reason: "与另一件重复".to_owned(),
            },
        ),
        HandOver => (
            ground.desk,
            Step::HandOver {
                lead: unit,
                assisting: Vec::new(),
                assignee: None,
                due: due.unwrap(),
                demand: Some("按期清理到位".to_owned()),
            },
        ),
        Sign => (ground.handler, Step::Sign { unit }),
        Progress => (
            ground.handler,
            Step::Progress {
                unit,
                text: "已组织人员清理".to_owned(),
                photos: Vec::new(),
            },
        ),
        Apply => (
            ground.handler,
            Step::ApplyClosure {
                unit,
                text: "已清理完毕，现场无残留".to_owned(),
                after: Vec::new(),
            },
        ),
        Redo => (
            ground.desk,
            Step::Redo {
                reason: "照片看不清".to_owned(),
                due: None,
            },
        ),
        Close => (ground.desk, Step::Close { note: None }),
    }
}

/// The same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next()).unwrap() % count
    }

    /// Between 0 and 1.
    fn part(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() % 1_000_000).unwrap()) / 1e6
    }
}
