//! The style sheets against what they promise: contrast of every pair of colours that meets on a
//! screen (WCAG 2.2: AA, and 7:1 in 强光模式), sizes of type and of what is touched, and no
//! colour outside the tokens.

mod colour;
mod tokens;

use colour::contrast;
use std::fs;
use std::path::Path;
use tokens::Tokens;

/// Text and what lies behind it, as the style sheets put them together.
const TEXT: [(&str, &str); 18] = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "brand-soft"),
    ("muted", "paper"),
    ("muted", "card"),
    ("muted", "brand-soft"),
    ("brand", "paper"),
    ("brand", "card"),
    ("brand", "brand-soft"),
    ("brand-ink", "brand"),
    ("brand-ink", "muted"),
    ("brand-ink", "good"),
    ("bad", "card"),
    ("bad", "paper"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("dark-ink", "dark"),
];

/// Edges by which a control or the focus is known.
const EDGES: [(&str, &str); 6] = [
    ("edge", "card"),
    ("edge", "paper"),
    ("focus", "card"),
    ("focus", "paper"),
    ("focus", "brand-soft"),
    ("brand", "card"),
];

const PLAIN: &str = ":root";
const LARGE: &str = ":root[data-large]";
const SUNLIGHT: &str = ":root[data-sunlight]";

#[test]
fn text_can_be_read_everywhere() {
    check(&TEXT, &[PLAIN], 4.5);
}

#[test]
fn text_can_be_read_in_the_sun() {
    check(&TEXT, &[PLAIN, SUNLIGHT], 7.0);
}

#[test]
fn edges_can_be_seen() {
    check(&EDGES, &[PLAIN], 3.0);
    check(&EDGES, &[PLAIN, SUNLIGHT], 4.5);
}

fn check(pairs: &[(&str, &str)], themes: &[&str], least: f64) {
    let tokens = Tokens::read(&sheet("tokens.css"), themes);
    for (front, back) in pairs {
        let found = contrast(&tokens.colour(front), &tokens.colour(back));
        assert!(
            found >= least,
            "--{front} on --{back} in {themes:?}: {found:.2}:1, wanted {least}:1"
        );
    }
}

#[test]
fn type_and_touch_are_large_enough() {
    for (themes, least_type) in [(&[PLAIN][..], 18.0), (&[PLAIN, LARGE], 24.0)] {
        let tokens = Tokens::read(&sheet("tokens.css"), themes);
        assert!(tokens.pixels("type") >= least_type, "{themes:?}");
        assert!(tokens.pixels("touch") >= 48.0, "{themes:?}");
    }
}

/// A colour written beside the tokens would escape the tests above. The page before the program
/// (`start.css`) has no tokens yet.
#[test]
fn every_colour_is_a_token() {
    for name in ["base.css", "parts.css", "phone.css", "console.css"] {
        for (number, line) in sheet(name).lines().enumerate() {
            let value = line.split_once(':').map_or("", |(_, value)| value);
            let plain = value.contains('#') || value.contains("rgb") || value.contains("hsl");
            assert!(!plain, "{name}:{}: {line}", number + 1);
        }
    }
}

fn sheet(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("style")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
