//! Facts of the bodies that pages made together ask for: read when one is asked for first, there until the pages are done.

use crate::analyze::{AllFacts, Facts};
use crate::model::BodyId;
use elsa::sync::FrozenMap;

/// The facts some pages are made from.
#[derive(Default)]
pub struct Desk(FrozenMap<BodyId, Box<Facts>>);

impl std::fmt::Debug for Desk {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "facts of {} bodies", self.0.len())
    }
}

impl Desk {
    pub(super) fn facts(&self, of: &dyn AllFacts, body: BodyId) -> &Facts {
        self.0.get(&body).unwrap_or_else(|| self.0.insert(body, Box::new(of.of(body))))
    }
}
