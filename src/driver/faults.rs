//! What goes wrong while pages are made: templates that fail on them, and the program itself.

use super::site::Failure;
use crate::diag::{Finding, Related, Words};
use crate::render::Artifact;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// What templates got wrong on pages: collected, so that all of it is said in one run.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<(String, Finding)>>);

impl Faults {
    /// Makes a page. A template that fails on it is kept for the end; a panic ends the build with the page's name.
    pub(super) fn of(&self, address: &str, make: impl FnOnce() -> Result<Vec<Artifact>, Box<Finding>>) -> Result<Vec<Artifact>, Failure> {
        Ok(self.named(address, guarded(address, make)?))
    }

    pub(super) fn named(&self, page: &str, made: Result<Vec<Artifact>, Box<Finding>>) -> Vec<Artifact> {
        made.unwrap_or_else(|finding| {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((page.to_string(), *finding));
            Vec::new()
        })
    }

    /// One finding a cause, with the first of its pages and how many there are.
    pub(super) fn end(self) -> Result<(), Failure> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_by(|a, b| (a.1.order(), &a.0).cmp(&(b.1.order(), &b.0)));
        let mut causes: Vec<(Finding, String, usize)> = Vec::new();
        for (page, finding) in all {
            match causes.last_mut().filter(|(known, ..)| *known == finding) {
                Some((_, _, count)) => *count += 1,
                None => causes.push((finding, page, 1)),
            }
        }
        let told = causes.into_iter().map(|(mut finding, page, count)| {
            let words = Words::new(format!("共 {count} 页，这是第一页"), format!("the first of {count} pages"));
            finding.diagnostic.related.push(Related { file: format!("/{page}"), words });
            finding
        });
        let told: Vec<Finding> = told.collect();
        if told.is_empty() { Ok(()) } else { Err(Failure::Pages(told)) }
    }
}

/// Makes a page; a panic in it ends the build with the page's name.
fn guarded<T>(page: &str, make: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(make)).map_err(|panic| {
        let what = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
        Failure::Bug(page.to_string(), what.unwrap_or_else(|| "panic".into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_its_page() {
        let made = guarded("yunxi/2024/", || {
            if true {
                panic!("row {}", 7)
            }
        });
        assert!(matches!(made, Err(Failure::Bug(page, what)) if page == "yunxi/2024/" && what == "row 7"));
        assert!(guarded("x/", || 1).is_ok_and(|made| made == 1));
    }
}
