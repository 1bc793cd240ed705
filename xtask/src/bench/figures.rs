//! Measured numbers, by name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::{Error, Result};

/// Repetitions of each figure. Those of one round have the same index.
#[derive(Debug, Default)]
pub(super) struct Figures(BTreeMap<String, Vec<f64>>);

impl Figures {
    /// Adds a repetition.
    pub(super) fn add(&mut self, name: impl Into<String>, value: f64) {
        self.0.entry(name.into()).or_default().push(value);
    }

    /// Adds the lines `NAME VALUE` of a file, with a prefix to their names.
    pub(super) fn read(&mut self, prefix: &str, path: &Path) -> Result<()> {
        let text = fs::read_to_string(path).map_err(Error::file("read", path))?;
        for line in text.lines() {
            let figure = line.split_once(' ').and_then(|(name, value)| Some((name, value.parse().ok()?)));
            let Some((name, value)) = figure else {
                return Err(Error::Unexpected(format!("`{}` has a line that is no figure: {line}", path.display())));
            };
            self.add(format!("{prefix}{name}"), value);
        }
        Ok(())
    }

    /// Adds the median of each of these figures, as one repetition.
    pub(super) fn add_medians(&mut self, figures: &Self) {
        for name in figures.0.keys() {
            if let Some(value) = figures.median(name) {
                self.add(name, value);
            }
        }
    }

    /// The median.
    pub(super) fn median(&self, name: &str) -> Option<f64> {
        median(self.0.get(name)?.clone())
    }

    /// The median of `f(a, b)` over the rounds.
    pub(super) fn paired(&self, a: &str, b: &str, f: impl Fn(f64, f64) -> f64) -> Option<f64> {
        median(self.of_rounds(a, b, f)?)
    }

    /// Between what the median of `a / b` is, with a certainty of 95 in 100: so it is told from noise. `None` where
    /// there are too few rounds to say so.
    pub(super) fn between(&self, a: &str, b: &str) -> Option<(f64, f64)> {
        let mut ratios = self.of_rounds(a, b, |a, b| a / b)?;
        ratios.sort_by(f64::total_cmp);
        // How many of n values are below their median is distributed like heads of n coins.
        let n = ratios.len() as f64;
        let below = ((n - 1.96 * n.sqrt()) / 2.0).floor();
        (below >= 1.0).then(|| (ratios[below as usize - 1], ratios[ratios.len() - below as usize]))
    }

    fn of_rounds(&self, a: &str, b: &str, f: impl Fn(f64, f64) -> f64) -> Option<Vec<f64>> {
        Some(self.0.get(a)?.iter().zip(self.0.get(b)?).map(|(a, b)| f(*a, *b)).collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle)?;
    Some(if values.len() % 2 == 1 { *upper } else { f64::midpoint(values[middle - 1], *upper) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_of_rounds_not_of_sums() {
        let mut figures = Figures::default();
        for (a, b) in [(1.0, 1.0), (30.0, 10.0), (4.0, 2.0)] {
            figures.add("a", a);
            figures.add("b", b);
        }
        assert_eq!(figures.median("a"), Some(4.0));
        assert_eq!(figures.paired("a", "b", |a, b| a / b), Some(2.0));
        assert_eq!(figures.median("c"), None);
        assert_eq!(median(vec![1.0, 2.0]), Some(1.5));
    }

    #[test]
    fn what_was_run_together_is_one_repetition() {
        let (mut figures, mut together) = (Figures::default(), Figures::default());
        for value in [3.0, 1.0, 2.0] {
            together.add("a", value);
        }
        figures.add_medians(&together);
        assert_eq!(figures.0["a"], [2.0]);
    }

    #[test]
    fn few_rounds_say_nothing_and_many_say_where_the_median_is() {
        let mut figures = Figures::default();
        for n in 1..=45_u32 {
            figures.add("a", f64::from(n));
            figures.add("b", 1.0);
            let between = figures.between("a", "b");
            match n {
                1..=7 => assert_eq!(between, None),
                // The 15th of 45, and the 15th from above.
                45 => assert_eq!(between, Some((15.0, 31.0))),
                _ => assert!(between.is_some_and(|(low, high)| low < high), "{n}: {between:?}"),
            }
        }
    }
}
