/// Figures of one kind, milliseconds or taps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    pub(crate) fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    pub(crate) fn join(&mut self, others: &Self) {
        self.0.extend(&others.0);
    }

    /// The figure that so many percent do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let mut all = self.0.clone();
        all.sort_by(f64::total_cmp);
        all[(all.len() * percent).div_ceil(100).max(1) - 1]
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn sum(&self) -> f64 {
        self.0.iter().sum()
    }

    pub(crate) fn median(&self) -> f64 {
        self.percentile(50)
    }

    pub(crate) fn most(&self) -> f64 {
        self.percentile(100)
    }

    /// Prints name, median, least and most.
    pub(crate) fn row(&self, name: &str) {
        let (median, least, most) = (self.median(), self.percentile(0), self.most());
        println!("| {name} | {median:.0} | {least:.0} | {most:.0} |");
    }
}
