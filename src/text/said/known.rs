//! Clauses and sentences that were searched before: reports say the same thing year after year, and township after township, with other numbers.

use super::phrases::Fit;
use std::collections::HashMap;
use std::sync::Arc;

/// What fits texts of one shape: their words with 0 for each digit. The least used are forgotten.
#[derive(Debug, Default)]
pub(super) struct Known {
    newer: HashMap<Box<str>, Arc<[Fit]>>,
    older: HashMap<Box<str>, Arc<[Fit]>>,
}

/// Shapes in each half: about a megabyte of a corpus of reports, which finds seven sentences and more than nine clauses of ten.
const MOST: usize = 2048;
/// Longer texts, in bytes, are not said twice.
const LONGEST: usize = 2000;

/// A text as patterns without digits of their own see it.
pub(super) fn shape(sentence: &str) -> String {
    sentence.replace(|c: char| c.is_ascii_digit(), "0")
}

impl Known {
    /// What fits a shape, if it was searched not long ago.
    pub(super) fn get(&mut self, shape: &str) -> Option<Arc<[Fit]>> {
        if let Some(fits) = self.newer.get(shape) {
            return Some(Arc::clone(fits));
        }
        let (shape, fits) = self.older.remove_entry(shape)?;
        self.add(shape, Arc::clone(&fits));
        Some(fits)
    }

    /// Remembers what fits a shape.
    pub(super) fn add(&mut self, shape: Box<str>, fits: Arc<[Fit]>) {
        if shape.len() > LONGEST {
            return;
        }
        // The older half holds what was not asked for since the newer one began.
        if self.newer.len() >= MOST {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(shape, fits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut known = Known::default();
        let name = |number: usize| format!("第{number}句").into_boxed_str();
        for number in 0..20 * MOST {
            known.add(name(number), Arc::new([]));
            assert!(known.get("第0句").is_some());
            assert!(known.newer.len() + known.older.len() <= 2 * MOST);
        }
        assert!(known.get("第1句").is_none());
        known.add("长".repeat(LONGEST).into(), Arc::new([]));
        assert!(known.get(&"长".repeat(LONGEST)).is_none());
    }

    #[test]
    fn a_shape_keeps_places() {
        assert_eq!(shape("2023年公开1,204条"), "0000年公开0,000条");
    }
}
