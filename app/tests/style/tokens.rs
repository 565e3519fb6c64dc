use std::collections::BTreeMap;

/// The custom properties in force under some themes.
pub(crate) struct Tokens(BTreeMap<String, String>);

impl Tokens {
    /// Reads the blocks of `selectors`; a later one overrides an earlier one, as in the page.
    pub(crate) fn read(sheet: &str, selectors: &[&str]) -> Self {
        let mut found = BTreeMap::new();
        for selector in selectors {
            let block = sheet
                .split('}')
                .filter_map(|rule| rule.split_once('{'))
                .find(|(head, _)| head.lines().last().map(str::trim) == Some(selector))
                .unwrap_or_else(|| panic!("no block {selector}"));
            let lines = block.1.lines().filter_map(|l| l.trim().strip_prefix("--"));
            found.extend(lines.filter_map(|line| {
                let (name, value) = line.trim_end_matches(';').split_once(':')?;
                Some((name.to_owned(), value.trim().to_owned()))
            }));
        }
        Self(found)
    }

    /// A colour as `#rrggbb`.
    pub(crate) fn colour(&self, name: &str) -> String {
        self.value(name).to_owned()
    }

    /// A length in pixels.
    pub(crate) fn pixels(&self, name: &str) -> f64 {
        let value = self.value(name);
        let number = value.strip_suffix("px").and_then(|n| n.parse().ok());
        number.unwrap_or_else(|| panic!("--{name} is not in px: {value}"))
    }

    fn value(&self, name: &str) -> &str {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("no token --{name}"))
    }
}
