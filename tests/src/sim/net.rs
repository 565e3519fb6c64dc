//! What can happen to a request on its way.

use crate::dice::Dice;
use crate::phone::wire::Reply;
use domain::sync::Call;
use domain::wire::{BlockRows, PullAnswer, PulledRow};

/// How a phone's connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Net {
    /// 4G in town.
    Good,
    /// 2G on the river.
    Poor,
    /// No signal.
    Down,
    /// A hotel's.
    Portal,
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Fine,
    /// It never arrives.
    Lost,
    /// It arrives, and the answer does not.
    AnswerLost,
    /// It arrives twice.
    Twice,
    /// It arrives when the phone has long given it up.
    Late,
    /// A byte of it is another.
    Broken(u64),
    /// A byte of the answer is another.
    AnswerBroken(u64),
    /// Something else answers: 200 and a page.
    Portal,
    /// Something else answers: go to my page.
    Redirect,
    /// A proxy's own error page.
    BadGateway,
    /// The server is busy.
    Busy,
}

/// Draws a fate and how long the way there and back take, milliseconds.
pub(super) fn draw(net: Net, dice: &mut Dice) -> (Fate, u64, u64) {
    let broken = dice.next();
    let fate = match net {
        Net::Good => *dice.weigh(&[
            (88, Fate::Fine),
            (3, Fate::AnswerLost),
            (3, Fate::Twice),
            (2, Fate::Lost),
            (1, Fate::Broken(broken)),
            (1, Fate::AnswerBroken(broken)),
            (2, Fate::Busy),
        ]),
        Net::Poor => *dice.weigh(&[
            (45, Fate::Fine),
            (12, Fate::AnswerLost),
            (12, Fate::Lost),
            (8, Fate::Twice),
            (8, Fate::Late),
            (4, Fate::Broken(broken)),
            (4, Fate::AnswerBroken(broken)),
            (3, Fate::BadGateway),
            (4, Fate::Busy),
        ]),
        Net::Down => Fate::Lost,
        Net::Portal => *dice.weigh(&[(70, Fate::Portal), (30, Fate::Redirect)]),
    };
    let (there, back) = match net {
        Net::Poor => (dice.between(50, 20_000), dice.between(50, 20_000)),
        _ => (dice.between(5, 300), dice.between(5, 300)),
    };
    let there = if fate == Fate::Late {
        dice.between(61_000, 900_000)
    } else {
        there
    };
    (fate, there, back)
}

/// Another byte somewhere.
pub(super) fn break_byte(bytes: &mut [u8], chance: u64) {
    if !bytes.is_empty() {
        let at = usize::try_from(chance % bytes.len() as u64).unwrap_or(0);
        bytes[at] ^= 1 << ((chance >> 32) % 8);
    }
}

/// Whether a break changed what only the connection's own encryption guards: what the server
/// thinks of an entry, or a header into another that reads. Bodies have hashes, receipts are
/// signed, and which headers there are is compared daily.
pub(super) fn is_beyond_proof(call: &Call, before: &Reply, after: &Reply) -> bool {
    let rows = |reply: &Reply| match call {
        Call::Pull { .. } => reply.read::<PullAnswer>().ok().map(|a| a.rows),
        Call::PullBlock(_) => reply.read::<BlockRows>().ok().map(|a| a.rows),
        _ => None,
    };
    let thought = |row: &PulledRow| (row.verdict.clone(), row.judged, row.quarantined);
    let reads = |row: &PulledRow| Some(row.entry.clone()?.check_kept().ok()?.raw().hash());
    let (Some(before), Some(after)) = (rows(before), rows(after)) else {
        return false;
    };
    let mut pairs = before.iter().zip(&after);
    pairs.any(|(a, b)| thought(a) != thought(b) || (reads(b).is_some() && reads(a) != reads(b)))
}

/// What answers in the server's place.
pub(super) fn stranger(fate: Fate) -> Option<Reply> {
    let page = |status: u16, more: &[(&str, &str)]| Reply {
        status,
        headers: [("content-type", "text/html")]
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: b"<html>Welcome! Please sign in.</html>".to_vec(),
        bodiless: false,
    };
    match fate {
        Fate::Portal => Some(page(200, &[])),
        Fate::Redirect => Some(page(302, &[("location", "http://10.0.0.1/login")])),
        Fate::BadGateway => Some(page(502, &[])),
        Fate::Busy => Some(Reply {
            status: 503,
            headers: vec![("content-type".into(), "application/json".into())],
            body: br#"{"code":"busy","retry_after_s":5}"#.to_vec(),
            bodiless: false,
        }),
        _ => None,
    }
}
