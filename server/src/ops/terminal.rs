use super::stamp;
use super::{Lang, Said};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Where a command speaks: results to standard output, progress and troubles to the error
/// output, so that one can be kept and the other watched.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(super) lang: Lang,
    watched: bool,
}

impl Terminal {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            lang,
            watched: io::stderr().is_terminal(),
        }
    }

    /// Says a result.
    pub(super) fn say(&self, said: &Said) {
        self.print(said.text(self.lang));
    }

    /// Prints a text for a program.
    #[expect(clippy::unused_self, reason = "a terminal prints")]
    pub(super) fn print(&self, text: &str) {
        // Nothing is left to be done if nobody listens.
        let _ = writeln!(io::stdout(), "{text}");
    }

    /// Says what is being done now.
    pub(super) fn step(&self, said: &Said) {
        let _ = writeln!(io::stderr(), "{}", said.text(self.lang));
    }

    /// Says why it ended.
    pub(super) fn fail(&self, said: &Said) {
        let _ = writeln!(io::stderr(), "xunhe: {}", said.text(self.lang));
    }

    /// Begins to show how far something is. `bytes` is 0 where only things are counted.
    pub(super) fn progress(&self, what: &Said, things: u64, bytes: u64) -> Progress {
        Progress {
            what: what.text(self.lang).to_owned(),
            watched: self.watched,
            things,
            bytes,
            shown: Mutex::new(Shown::default()),
        }
    }
}

/// How often a watched line is written anew.
const EVERY: Duration = Duration::from_millis(150);

/// How far something is: a line that changes where somebody watches, else a line for each tenth.
#[derive(Debug)]
pub(crate) struct Progress {
    what: String,
    watched: bool,
    things: u64,
    bytes: u64,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    things: u64,
    bytes: u64,
    tenths: Option<u64>,
    last: Option<Instant>,
    open: bool,
}

impl Progress {
    /// So much more is done.
    pub(super) fn add(&self, things: u64, bytes: u64) {
        let Ok(mut shown) = self.shown.lock() else {
            return;
        };
        shown.things += things;
        shown.bytes += bytes;
        self.show(&mut shown);
    }

    /// So much is done in all.
    pub(super) fn at(&self, things: u64, bytes: u64) {
        let Ok(mut shown) = self.shown.lock() else {
            return;
        };
        (shown.things, shown.bytes) = (things, bytes);
        self.show(&mut shown);
    }

    fn show(&self, shown: &mut Shown) {
        let (done, all) = if self.bytes > 0 {
            (shown.bytes, self.bytes)
        } else {
            (shown.things, self.things)
        };
        let percent = (done.min(all) * 100).checked_div(all).unwrap_or(100);
        let due = if self.watched {
            shown.last.is_none_or(|last| last.elapsed() >= EVERY) || percent == 100
        } else {
            shown.tenths.is_none_or(|tenths| percent / 10 > tenths)
        };
        if !due {
            return;
        }
        let line = self.line(shown, percent);
        let mut out = io::stderr().lock();
        let _ = if self.watched {
            write!(out, "\r\x1b[K{line}")
        } else {
            writeln!(out, "{line}")
        };
        let _ = out.flush();
        shown.open = self.watched;
        shown.last = Some(Instant::now());
        shown.tenths = Some(percent / 10);
    }

    fn line(&self, shown: &Shown, percent: u64) -> String {
        let things = match self.things {
            0 => String::new(),
            all => format!("  {}/{all}", shown.things.min(all)),
        };
        let bytes = match self.bytes {
            0 => String::new(),
            all => format!(
                "  {} / {}",
                stamp::bytes(shown.bytes.min(all)),
                stamp::bytes(all)
            ),
        };
        format!("{}{things}{bytes}  {percent} %", self.what)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.get_mut().is_ok_and(|shown| shown.open) {
            let _ = writeln!(io::stderr());
        }
    }
}
