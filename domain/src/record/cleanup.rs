use super::{Outcome, ProblemCode};
use crate::hash::Sha256;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 垃圾清理: what was there before, what is there after, how much was carried away. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleanup {
    /// Which rubbish, by the problem catalogue.
    pub rubbish: ProblemCode,
    /// Originals taken before, in the order taken.
    pub before: Vec<Sha256>,
    /// Originals taken after.
    pub after: Vec<Sha256>,
    /// Why there is no photo at all, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_photo_reason: Option<String>,
    /// As entered; the county's table converts to m³ later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// 立行立改, to follow, or handed up.
    pub outcome: Outcome,
    /// The campaign it belongs to (清河行动).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// Free words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An amount as the person entered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// The digits as entered: `3`, `0.5`.
    pub value: String,
    /// Of what.
    pub unit: AmountUnit,
}

open_words! {
    /// The units people carry rubbish in.
    AmountUnit {
        /// 袋
        Bag = "bag",
        /// 三轮车
        Tricycle = "tricycle",
        /// 车
        Truck = "truck",
        /// 方, cubic metres
        CubicMetre = "m3",
    }
}

impl Amount {
    /// Reads what was typed; full-width digits of a Chinese keyboard count as digits.
    /// `None` if it is not a positive decimal of at most 6 + 2 digits.
    pub fn read(text: &str, unit: AmountUnit) -> Option<Self> {
        let value: String = text.trim().chars().map(half_width).collect();
        let (whole, part) = value.split_once('.').unwrap_or((&value, "0"));
        let digits =
            |s: &str, max| (1..=max).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        let positive = value.bytes().any(|b| (b'1'..=b'9').contains(&b));
        (digits(whole, 6) && digits(part, 2) && positive).then_some(Self { value, unit })
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        '．' | '。' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_the_digits_entered() {
        for (typed, kept) in [
            ("3", Some("3")),
            (" 12.50 ", Some("12.50")),
            ("３．５", Some("3.5")),
            ("0.5", Some("0.5")),
        ] {
            assert_eq!(
                Amount::read(typed, AmountUnit::Bag)
                    .map(|a| a.value)
                    .as_deref(),
                kept
            );
        }
        for bad in [
            "", "0", "0.00", "-1", "1e3", "1.234", "1234567", ".5", "5.", "三",
        ] {
            assert_eq!(Amount::read(bad, AmountUnit::Bag), None, "{bad}");
        }
    }
}
