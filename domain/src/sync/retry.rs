use crate::time::MonoMs;

const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 15 * 60 * 1_000;

/// When to try again: full jitter, so that a county's phones do not return in one wave when the
/// tower comes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    not_before: MonoMs,
}

impl Retry {
    /// Whether it may be tried now.
    pub fn due(&self, now: MonoMs) -> bool {
        self.not_before <= now
    }

    /// The instant before which it may not be tried; in the past if it may.
    pub const fn not_before(&self) -> MonoMs {
        self.not_before
    }

    /// How often it failed in a row.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Notes a failure: the pause is drawn from 0 to 1 s × 2ⁿ, at most 15 min, and never below
    /// what the server asked for.
    pub fn fail(&mut self, now: MonoMs, dice: &mut Dice, asked_s: Option<u64>) {
        let longest = FIRST_MS
            .saturating_mul(1 << self.attempts.min(20))
            .min(LONGEST_MS);
        let asked = asked_s.unwrap_or(0).saturating_mul(1_000).min(LONGEST_MS);
        self.attempts = self.attempts.saturating_add(1);
        self.not_before = now.plus(dice.below(longest + 1).max(asked));
    }

    /// Forgets the failures: a person asked, the page became visible, the network came back.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

/// A small deterministic generator (`SplitMix64`); the seed is an argument of the engine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_within_the_doubling_bound_and_15_minutes() {
        let (mut dice, now) = (Dice::new(7), MonoMs(1_000));
        let mut retry = Retry::default();
        let mut seen = 0;
        for n in 0..40_u32 {
            retry.fail(now, &mut dice, None);
            let pause = retry.not_before().since(now);
            assert!(
                pause <= (1_000 << n.min(20)).min(LONGEST_MS),
                "attempt {n}: {pause} ms"
            );
            seen = seen.max(pause);
        }
        assert!(
            seen > LONGEST_MS / 2,
            "the jitter never came near its bound: {seen}"
        );
        assert_eq!(retry.attempts(), 40);
        retry.fail(now, &mut dice, Some(30 * 60));
        assert!(retry.not_before().since(now) <= LONGEST_MS);
        retry.reset();
        assert!(retry.due(MonoMs(0)));
    }

    #[test]
    fn the_server_may_ask_for_a_longer_pause() {
        let mut retry = Retry::default();
        retry.fail(MonoMs(0), &mut Dice::new(1), Some(20));
        assert!(!retry.due(MonoMs(19_999)));
    }
}
