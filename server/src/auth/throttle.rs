//! How often one may try to sign in. In memory: a restart forgives, and nobody is locked out
//! for good.

use domain::time::WallMs;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Wrong passwords of one account that cost nothing.
const FREE_TRIES: u32 = 5;
/// The longest pause of an account.
const LONGEST_PAUSE_MS: i64 = 15 * 60 * 1000;
/// After this long without a failure an account starts afresh.
const FORGET_MS: i64 = 24 * 3_600_000;
/// Tries per minute from one address: an office shares one.
const TRIES_PER_MINUTE: u32 = 60;
/// Accounts and addresses remembered; beyond, those that may try anyway are forgotten.
const REMEMBERED: usize = 50_000;

/// Failures per account and tries per address.
#[derive(Debug, Default)]
pub struct Throttle {
    accounts: Mutex<HashMap<String, Failures>>,
    addresses: Mutex<HashMap<IpAddr, Minute>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: WallMs,
}

#[derive(Debug, Clone, Copy)]
struct Minute {
    started: WallMs,
    tries: u32,
}

impl Failures {
    /// When the next try is looked at: after the free ones 1 s, doubled each time.
    fn opens(self) -> WallMs {
        let over = self.count.saturating_sub(FREE_TRIES);
        let pause = if over == 0 {
            0
        } else {
            (1000_i64 << (over - 1).min(20)).min(LONGEST_PAUSE_MS)
        };
        WallMs(self.last.0.saturating_add(pause))
    }
}

impl Throttle {
    /// Counts a try. `Err` holds the seconds to wait.
    pub fn try_sign_in(&self, account: &str, address: IpAddr, now: WallMs) -> Result<(), u64> {
        let mut addresses = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if addresses.len() >= REMEMBERED {
            addresses.retain(|_, m| now.0 - m.started.0 < 60_000);
        }
        let minute = addresses.entry(address).or_insert(Minute {
            started: now,
            tries: 0,
        });
        if now.0 - minute.started.0 >= 60_000 {
            *minute = Minute {
                started: now,
                tries: 0,
            };
        }
        minute.tries += 1;
        if minute.tries > TRIES_PER_MINUTE {
            return Err(seconds(minute.started.0 + 60_000 - now.0));
        }
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let opens = accounts.get(account).map_or(now, |f| f.opens());
        if opens > now {
            Err(seconds(opens.0 - now.0))
        } else {
            Ok(())
        }
    }

    /// Notes a wrong password.
    pub fn failed(&self, account: &str, now: WallMs) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= REMEMBERED {
            accounts.retain(|_, f| f.opens() > now);
        }
        let failures = accounts.entry(account.to_owned()).or_insert(Failures {
            count: 0,
            last: now,
        });
        if now.0 - failures.last.0 > FORGET_MS {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// Notes a right one.
    pub fn succeeded(&self, account: &str) {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
    }
}

fn seconds(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0).div_ceil(1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn an_account_is_slowed_and_never_locked() {
        let throttle = Throttle::default();
        let mut now = WallMs(0);
        for _ in 0..FREE_TRIES {
            assert_eq!(throttle.try_sign_in("li", OFFICE, now), Ok(()));
            throttle.failed("li", now);
        }
        assert_eq!(throttle.try_sign_in("li", OFFICE, now), Ok(()));
        throttle.failed("li", now);
        assert_eq!(throttle.try_sign_in("li", OFFICE, now), Err(1));
        assert_eq!(
            throttle.try_sign_in("wang", OFFICE, now),
            Ok(()),
            "others are not touched"
        );
        for _ in 0..60 {
            now.0 += LONGEST_PAUSE_MS;
            assert_eq!(
                throttle.try_sign_in("li", OFFICE, now),
                Ok(()),
                "15 minutes always suffice"
            );
            throttle.failed("li", now);
        }
        throttle.succeeded("li");
        assert_eq!(throttle.try_sign_in("li", OFFICE, now), Ok(()));
    }

    #[test]
    fn an_office_has_sixty_tries_a_minute() {
        let throttle = Throttle::default();
        for n in 0..TRIES_PER_MINUTE {
            assert_eq!(
                throttle.try_sign_in(&n.to_string(), OFFICE, WallMs(0)),
                Ok(())
            );
        }
        assert_eq!(throttle.try_sign_in("x", OFFICE, WallMs(30_000)), Err(30));
        assert_eq!(throttle.try_sign_in("x", OFFICE, WallMs(60_000)), Ok(()));
    }
}
