use super::TrackFix;

/// Limits of what counts as walked.
pub mod limits {
    /// Two fixes further apart in time are a gap, milliseconds (4-domain).
    pub const GAP_MS: i64 = 30_000;
    /// A fix less accurate than this tells no distance, metres.
    pub const ROUGH_M: f64 = 50.0;
    /// Faster than this is a jump of the receiver, metres per second: 72 km/h, beyond any
    /// vehicle on a dike road.
    pub const JUMP_M_PER_S: f64 = 20.0;
    /// Steps shorter than this are noise of somebody standing still, metres.
    pub const STEP_M: f64 = 5.0;
}

/// What was walked so far; grows with each fix and can be made again from the track.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Metres that count.
    pub metres: f64,
    /// Milliseconds with a position.
    pub tracked_ms: i64,
    /// Gaps.
    pub gaps: u32,
    /// Jumps.
    pub jumps: u32,
    /// Fixes.
    pub fixes: u32,
    last: Option<TrackFix>,
    /// Since where distance is measured: standing still must not add up.
    anchor: Option<TrackFix>,
}

/// What one more fix added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Leg {
    /// The first fix, or the first after a pause.
    Begun,
    /// So many metres; 0 while standing.
    Walked(f64),
    /// Nobody knows what was between.
    Gap,
    /// Too fast to be true.
    Jump,
    /// Too rough to tell.
    Rough,
}

impl Tally {
    /// Takes one more fix. A fix that is not later than the last is left out.
    pub fn add(&mut self, fix: TrackFix) -> Leg {
        if self.last.is_some_and(|last| fix.at_ms <= last.at_ms) {
            return Leg::Walked(0.0);
        }
        self.fixes += 1;
        let Some(last) = self.last.replace(fix) else {
            self.anchor = Some(fix).filter(|f| f.accuracy_m <= limits::ROUGH_M);
            return Leg::Begun;
        };
        let between = fix.at_ms - last.at_ms;
        if between > limits::GAP_MS {
            self.gaps += 1;
            self.anchor = Some(fix).filter(|f| f.accuracy_m <= limits::ROUGH_M);
            return Leg::Gap;
        }
        self.tracked_ms += between;
        if fix.accuracy_m > limits::ROUGH_M {
            return Leg::Rough;
        }
        let Some(anchor) = self.anchor else {
            self.anchor = Some(fix);
            return Leg::Begun;
        };
        let metres = anchor.metres_to(fix);
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of one patrol")]
        let seconds = (fix.at_ms - anchor.at_ms) as f64 / 1_000.0;
        if metres / seconds > limits::JUMP_M_PER_S {
            self.jumps += 1;
            self.anchor = Some(fix);
            return Leg::Jump;
        }
        if metres < limits::STEP_M.max(fix.accuracy_m / 4.0) {
            return Leg::Walked(0.0);
        }
        self.anchor = Some(fix);
        self.metres += metres;
        Leg::Walked(metres)
    }

    /// A pause: what follows begins anew, and is no gap.
    pub fn pause(&mut self) {
        (self.last, self.anchor) = (None, None);
    }

    /// The last fix.
    pub const fn last(&self) -> Option<TrackFix> {
        self.last
    }
}
