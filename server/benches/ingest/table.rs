use super::ROUNDS;
use std::fmt;

/// What was measured, as a Markdown table.
pub(crate) struct Table {
    rows: Vec<(String, &'static str, Vec<f64>)>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Measures a rate [`ROUNDS`] times.
    pub(crate) fn add(&mut self, name: &str, unit: &'static str, mut round: impl FnMut() -> f64) {
        let mut rates: Vec<f64> = (0..ROUNDS).map(|_| round()).collect();
        rates.sort_by(f64::total_cmp);
        eprintln!("{name}: {:.0} {unit}", rates[rates.len() / 2]);
        self.rows.push((name.to_owned(), unit, rates));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| what | median | lowest – highest | unit |\n|---|---|---|---|"
        )?;
        for (name, unit, rates) in &self.rows {
            let (low, high) = (rates[0], rates[rates.len() - 1]);
            writeln!(
                f,
                "| {name} | {:.0} | {low:.0} – {high:.0} | {unit} |",
                rates[rates.len() / 2]
            )?;
        }
        Ok(())
    }
}
