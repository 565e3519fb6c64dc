use crate::store::Session;
use domain::register::{Day, PersonId, Registers, Role};
use domain::time::WallMs;
use std::fmt;
use std::str::FromStr;

/// What a session may be used for decides how long it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionClass {
    /// Chiefs and inspectors: a phone in winter has no password to type after 180 days, and no
    /// absolute limit; every sync renews it, and it can be revoked at once.
    Field,
    /// Supervisors, handlers and auditors.
    Desk,
    /// Administrators.
    Admin,
}

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl SessionClass {
    /// The strictest class that the person's grants ask for.
    pub fn of(registers: &Registers, person: &PersonId, day: Day) -> Self {
        let mine = registers.grants().iter().filter(|g| g.person == *person);
        let classes = mine.filter(|g| g.term.holds_on(day)).map(|g| match g.role {
            Role::Admin => Self::Admin,
            Role::Supervisor | Role::Handler | Role::Auditor => Self::Desk,
            Role::Other(_) => Self::Field,
        });
        classes.max().unwrap_or(Self::Field)
    }

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Desk => "desk",
            Self::Admin => "admin",
        }
    }

    /// Milliseconds without use after which it ends.
    pub const fn idle_ms(self) -> i64 {
        match self {
            Self::Field => 180 * DAY_MS,
            Self::Desk => 12 * HOUR_MS,
            Self::Admin => HOUR_MS / 2,
        }
    }

    /// Milliseconds after which it ends in any case.
    pub const fn absolute_ms(self) -> Option<i64> {
        match self {
            Self::Field => None,
            Self::Desk => Some(7 * DAY_MS),
            Self::Admin => Some(8 * HOUR_MS),
        }
    }

    /// Milliseconds after which a use is worth a write.
    pub const fn touch_ms(self) -> i64 {
        match self {
            Self::Field => HOUR_MS,
            Self::Desk => HOUR_MS / 12,
            Self::Admin => HOUR_MS / 60,
        }
    }
}

impl fmt::Display for SessionClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SessionClass {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Field, Self::Desk, Self::Admin]
            .into_iter()
            .find(|class| class.as_str() == word)
            .ok_or_else(|| format!("not a session class: {word:?}"))
    }
}

impl Session {
    /// Whether it is over.
    pub fn is_over(&self, now: WallMs) -> bool {
        let idle = now.0.saturating_sub(self.seen_ms.0) > self.class.idle_ms();
        let age = now.0.saturating_sub(self.opened_ms.0);
        idle || self.class.absolute_ms().is_some_and(|limit| age > limit)
    }

    /// Whether this use should be written down.
    pub fn wants_touch(&self, now: WallMs) -> bool {
        now.0.saturating_sub(self.seen_ms.0) > self.class.touch_ms()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_ends_by_its_own_limits() {
        let hours = |n: i64| WallMs(n * HOUR_MS);
        for (class, opened, seen, now, over) in [
            (SessionClass::Field, 0, 0, 24 * 180, false),
            (SessionClass::Field, 0, 0, 24 * 180 + 1, true),
            (SessionClass::Field, 0, 24 * 3_000, 24 * 3_100, false),
            (SessionClass::Desk, 0, 0, 13, true),
            (SessionClass::Desk, 0, 24 * 7 - 1, 24 * 7, false),
            (SessionClass::Desk, 0, 24 * 7, 24 * 7 + 1, true),
            (SessionClass::Admin, 0, 0, 1, true),
            (SessionClass::Admin, 0, 9, 9, true),
            (SessionClass::Admin, 0, 8, 8, false),
        ] {
            let session = Session {
                person: "p".parse().unwrap(),
                device: domain::ids::DeviceId::new([0; 16]),
                class,
                opened_ms: hours(opened),
                seen_ms: hours(seen),
            };
            assert_eq!(
                session.is_over(hours(now)),
                over,
                "{class} {opened} {seen} {now}"
            );
        }
    }
}
