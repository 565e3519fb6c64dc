//! Every fault against every kind of call: while it lasts nothing is lost; once it is lifted
//! everything is where it belongs.

use super::{Fault, Kind, Proxy};
use crate::check::{Held, view};
use crate::dice::Dice;
use crate::phone::{DeviceClock, Line, Patience, Pen, Phone, Place, Runner, is_at_rest};
use crate::server::Server;
use domain::entry::Entry;
use domain::ids::{BootId, EntryId};
use domain::record::Subject;
use domain::sync::Cause;
use futures_util::stream::{self, StreamExt as _};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::LocalSet;

/// What the phones wait for an answer while the fault lasts.
const IMPATIENT: Duration = Duration::from_millis(300);
/// How often each fault is met before it is lifted.
const MEETINGS: u32 = 4;
/// Cells that go on at the same time: most of them wait.
const AT_ONCE: usize = 8;
const LIMIT: Duration = Duration::from_mins(1);

const ACCOUNT: &str = "wgy2-yongji";
const PLACE: Place = Place {
    post: "yongji-wgy2",
    reach: "yxq-qingtou",
    division: "yongji-101",
};

/// One fault against one kind of call.
pub type Cell = (Fault, Kind);

/// All of them.
pub fn cells() -> Vec<Cell> {
    let kinds = |fault| Kind::ALL.map(|kind| (fault, kind));
    Fault::ALL.into_iter().flat_map(kinds).collect()
}

/// Runs cells against a server and looks at its data folder afterwards. Gives what does not hold.
pub async fn run(mut server: Server, cells: Vec<Cell>, seed: u64) -> Vec<String> {
    let lived = LocalSet::new()
        .run_until(live_all(&server, cells, seed))
        .await;
    let (mut wrong, mut written) = (Vec::new(), BTreeMap::new());
    for outcome in lived {
        match outcome {
            Ok(entries) => written.extend(entries),
            Err(why) => wrong.push(why),
        }
    }
    server.kill();
    match Held::read(server.data()).await {
        Ok(held) if wrong.is_empty() && held.entries != written => {
            wrong.push("the server holds other entries than the phones saved".into());
        }
        Ok(_) => {}
        Err(why) => wrong.push(why),
    }
    wrong
}

type Entries = BTreeMap<EntryId, Entry>;

async fn live_all(server: &Server, cells: Vec<Cell>, seed: u64) -> Vec<Result<Entries, String>> {
    let mut dice = Dice::new(seed);
    let line = Line::new(&server.url(), Patience::APP);
    let owner = Phone::new(ACCOUNT, &mut dice);
    line.sign_in(ACCOUNT, &server.password, owner.device).await;
    let cells: Vec<_> = cells
        .into_iter()
        .map(|(fault, kind)| Trial {
            fault,
            kind,
            line: line.clone(),
            server: server.url().replace("http://", ""),
            phone: owner.of_another(ACCOUNT, &mut dice),
            dice: dice.split(),
        })
        .collect();
    // The others took their part of chance: the one is what it is among them.
    let alone = std::env::var("XUNHE_CELL").ok();
    let wanted = |t: &Trial| alone.as_ref().is_none_or(|cell| *cell == t.name());
    let trials = stream::iter(cells.into_iter().filter(wanted))
        .map(Trial::live)
        .buffer_unordered(AT_ONCE);
    let mut outcomes = Vec::new();
    let mut phones = Vec::new();
    for lived in trials.collect::<Vec<_>>().await {
        match lived {
            Ok((cell, runner, entries)) => {
                // A text that was damaged is found when views are compared, tomorrow: the
                // simulation waits for that.
                if cell != (Fault::Corrupt, Kind::Pull) {
                    phones.push((cell, runner));
                }
                outcomes.push(Ok(entries));
            }
            Err(why) => outcomes.push(Err(why)),
        }
    }
    // All of them are one person's: each must have heard of what the others wrote.
    let take = async |ask| line.send(&ask).await.ok();
    let fresh = view::sent(&owner.person, &take).await;
    for ((fault, kind), runner) in phones {
        let compared = async {
            runner.come_to_rest(LIMIT).await?;
            view::compare(runner.store(), fresh.as_ref().map_err(String::clone)?).await
        };
        let wrong = compared.await.err();
        outcomes.extend(wrong.map(|why| Err(format!("{fault:?} × {kind:?}, later: {why}"))));
    }
    outcomes
}

/// One cell and what it needs.
struct Trial {
    fault: Fault,
    kind: Kind,
    line: Line,
    server: String,
    phone: Phone,
    dice: Dice,
}

impl Trial {
    fn name(&self) -> String {
        format!("{:?} × {:?}", self.fault, self.kind)
    }

    /// A phone saves two reports while the fault lasts; then it is lifted.
    async fn live(mut self) -> Result<(Cell, Runner, Entries), String> {
        let (fault, kind) = (self.fault, self.kind);
        let name = self.name();
        let told = |why: String| format!("{name}: {why}");
        let proxy = Proxy::start(&self.server, self.dice.next()).await;
        proxy.plan(fault, kind);
        let through = self.line.by_way_of(&proxy.url, Patience::of(IMPATIENT));
        let clock = DeviceClock::new(0, BootId::new(self.dice.bytes()));
        let store = self.phone.open().await;
        let runner = Runner::start(store, through.clone(), clock, self.dice.next());
        runner.tell_as(name.clone());
        let saved = self.save(&runner).await.map_err(told)?;
        // Clocks jump on the phone as well.
        if fault == Fault::ClockJump {
            runner.device_clock().off_ms.set(-10 * 365 * 24 * 3_600_000);
        }
        meet(&runner, &proxy, MEETINGS).await.map_err(told)?;
        proxy.lift();
        through.be(Patience::of(LIMIT));
        runner.come_to_rest(LIMIT).await.map_err(told)?;
        let status = runner.status();
        if status.parked > 0 {
            return Err(told(format!("in the tray: {status:?}")));
        }
        let found = runner.store().entries(&saved).await;
        let found = found.map_err(|e| told(e.to_string()))?;
        let entries = found.map_err(|id| told(format!("{id} is gone from the phone")))?;
        // The proxy goes; from here on the phone speaks to the server itself.
        through.go_by(&self.line);
        let entries = saved.into_iter().zip(entries).collect();
        Ok(((fault, kind), runner, entries))
    }

    async fn save(&mut self, runner: &Runner) -> Result<Vec<EntryId>, String> {
        let mut saved = Vec::new();
        for photos in [&[200_000][..], &[3_000]] {
            let mut pen = Pen {
                store: runner.store(),
                clock: runner.clock(),
                dice: &mut self.dice,
            };
            let report = pen.report(Subject::Finding, Some(PLACE), photos).await;
            let wall = report.body.clock.wall_ms;
            let done = runner.store().submit(&report, None, wall).await;
            let done = done.map_err(|e| e.to_string())?;
            saved.push(done.entry.entry_id);
            runner.saved(done);
        }
        Ok(saved)
    }
}

/// Waits until the fault was met so often, or did no harm, and lets the phone try again at once
/// each time.
async fn meet(runner: &Runner, proxy: &Proxy, times: u32) -> Result<(), String> {
    let mut met = proxy.met();
    let meetings = async {
        loop {
            let again = tokio::time::sleep(IMPATIENT);
            tokio::select! {
                _ = met.wait_for(|met| *met >= times) => return,
                () = again => runner.wake(Cause::Online),
            }
            let status = runner.status();
            if *met.borrow() > 0 && is_at_rest(&status) && status.last_sync.is_some() {
                return;
            }
        }
    };
    let done = tokio::time::timeout(LIMIT, meetings).await;
    done.map_err(|_| {
        format!(
            "met only {} times: {:?}",
            *proxy.met().borrow(),
            runner.status()
        )
    })
}
