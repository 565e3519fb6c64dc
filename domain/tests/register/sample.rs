use xunhe_domain::register::{Day, RegisterSet, Registers};

/// A small city as an import would bring it: two counties, a zone beside them, a boundary reach.
pub(crate) fn set() -> RegisterSet {
    serde_json::from_str(include_str!("city.json")).unwrap()
}

pub(crate) fn registers() -> Registers {
    Registers::build(set()).unwrap()
}

pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}
