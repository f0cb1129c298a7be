//! A publication of which only the digests are kept: to compare another one with.

use super::{Made, OutputPath, PublishError, Scratch, Sink};
use crate::digest::Sha256Sum;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Digests by path.
#[derive(Debug, Default)]
pub struct Sums(Mutex<BTreeMap<String, Sha256Sum>>);

impl Sums {
    /// All that was written.
    pub fn into_sums(self) -> BTreeMap<String, Sha256Sum> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Sums {
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Made, PublishError> {
        let made = Made { path: path.to_string(), sum: Sha256Sum::of(bytes), length: bytes.len() as u64 };
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(made.path.clone(), made.sum) {
            None => Ok(made),
            Some(_) => Err(PublishError::Twice { path: made.path }),
        }
    }

    fn keep(&self, _: &[Made]) -> Result<bool, PublishError> {
        Ok(false)
    }

    fn held(&self, _: &Made) -> Option<Vec<u8>> {
        None
    }

    fn scratch(&self) -> Result<Scratch, PublishError> {
        Ok(Scratch::memory())
    }
}
