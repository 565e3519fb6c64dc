//! The phone's own position: kept warm while somebody records, never taken from a photo.

use super::clock;
use domain::entry::{Fix, FixSource, NoFix, Place};
use domain::time::WallMs;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Geolocation, Position, PositionError, PositionOptions};

/// A fix older than this is no longer where the person stands.
const STALE_MS: u64 = 5 * 60 * 1_000;

/// Watches the position until it is dropped.
pub struct Watch {
    last: Rc<RefCell<Last>>,
    running: Option<(Geolocation, i32)>,
    // The browser calls these until the watch is cleared.
    _found: Closure<dyn FnMut(Position)>,
    _failed: Closure<dyn FnMut(PositionError)>,
}

struct Last {
    fix: Option<Fix>,
    heard: u64,
    trouble: Option<NoFix>,
}

impl Watch {
    /// Begins to watch; `changed` is called after each fix and each trouble.
    pub fn begin(changed: impl Fn() + Clone + 'static) -> Self {
        let last = Rc::new(RefCell::new(Last {
            fix: None,
            heard: 0,
            trouble: None,
        }));
        let found = Closure::new({
            let (last, changed) = (Rc::clone(&last), changed.clone());
            move |position: Position| {
                let mut now = last.borrow_mut();
                (now.fix, now.heard, now.trouble) = (Some(fix(&position)), clock::mono().0, None);
                drop(now);
                changed();
            }
        });
        let failed = Closure::new({
            let last = Rc::clone(&last);
            move |error: PositionError| {
                last.borrow_mut().trouble = Some(trouble(&error));
                changed();
            }
        });
        let running = start(&found, &failed);
        if running.is_none() {
            last.borrow_mut().trouble = Some(NoFix::Unsupported);
        }
        Self {
            last,
            running,
            _found: found,
            _failed: failed,
        }
    }

    /// The last fix with its age now, or why there is none.
    pub fn place(&self) -> Place {
        let last = self.last.borrow();
        let age_ms = clock::mono().0.saturating_sub(last.heard);
        let fix = last
            .fix
            .clone()
            .filter(|_| age_ms <= STALE_MS)
            .map(|f| Fix { age_ms, ..f });
        let no_fix = match (&fix, &last.trouble) {
            (Some(_), _) => None,
            (None, Some(trouble)) => Some(trouble.clone()),
            (None, None) => Some(NoFix::Timeout),
        };
        Place {
            fix,
            no_fix,
            words: None,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some((geolocation, id)) = &self.running {
            geolocation.clear_watch(*id);
        }
    }
}

fn start(
    found: &Closure<dyn FnMut(Position)>,
    failed: &Closure<dyn FnMut(PositionError)>,
) -> Option<(Geolocation, i32)> {
    let geolocation = web_sys::window()?.navigator().geolocation().ok()?;
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_maximum_age(10_000);
    options.set_timeout(30_000);
    let id = geolocation
        .watch_position_with_error_callback_and_options(
            found.as_ref().unchecked_ref(),
            Some(failed.as_ref().unchecked_ref()),
            &options,
        )
        .ok()?;
    Some((geolocation, id))
}

fn fix(position: &Position) -> Fix {
    let coords = position.coords();
    #[allow(
        clippy::cast_possible_truncation,
        reason = "milliseconds fit for 285,000 years"
    )]
    let at_ms = WallMs(position.timestamp() as i64);
    Fix {
        lat: coords.latitude(),
        lon: coords.longitude(),
        accuracy_m: coords.accuracy(),
        at_ms,
        age_ms: 0,
        source: FixSource::Device,
    }
}

fn trouble(error: &PositionError) -> NoFix {
    match error.code() {
        PositionError::PERMISSION_DENIED => NoFix::Denied,
        PositionError::TIMEOUT => NoFix::Timeout,
        _ => NoFix::Unavailable,
    }
}
