//! Where a report stands in the index: a field of bodies by years, so that its number needs no table.

use crate::analyze::Filed;
use crate::model::{BodyId, BodyTree, Registry, ReportId};

/// Years are counted in so many at once: a new year seldom gives other reports new numbers.
const ROOM: u32 = 8;
/// Statutory sections that are told apart; the last one stands for all that follow.
const SECTIONS: usize = 7;

/// The field of all reports. Bodies stand in official order, each before those below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grid {
    /// First year of the field.
    pub(super) first: i16,
    /// Years of each body.
    pub(super) years: u32,
    /// Bodies by place.
    pub(super) order: Vec<BodyId>,
    /// Place by body.
    places: Vec<u32>,
    /// By place: how many bodies the part of the tree has that begins there.
    pub(super) sizes: Vec<u32>,
    /// Ids of statutory sections, newest form first.
    pub(super) sections: Vec<String>,
}

impl Grid {
    /// The field of a portal.
    pub fn of(tree: &BodyTree, facts: &[Filed], registry: &Registry) -> Grid {
        let filed = || facts.iter().flat_map(Filed::published).map(|report| report.id.year.number());
        let first = filed().min().unwrap_or(0);
        let count = filed().max().map_or(0, |last| (last - first + 1) as u32);
        let mut order = Vec::with_capacity(tree.iter().len());
        let mut waiting: Vec<BodyId> = tree.root().map(|root| root.id).into_iter().collect();
        while let Some(body) = waiting.pop() {
            order.push(body);
            waiting.extend(tree.body(body).children.iter().rev());
        }
        let mut places = vec![0; tree.iter().len()];
        for (place, body) in order.iter().enumerate() {
            places[body.0 as usize] = place as u32;
        }
        let mut sizes = vec![1; order.len()];
        for (place, body) in order.iter().enumerate().rev() {
            if let Some(parent) = tree.body(*body).parent {
                sizes[places[parent.0 as usize] as usize] += sizes[place];
            }
        }
        let mut sections: Vec<String> = Vec::new();
        for section in registry.forms().iter().rev().flat_map(|form| &form.sections) {
            if !sections.contains(&section.id) {
                sections.push(section.id.clone());
            }
        }
        Grid { first, years: count.max(1).next_multiple_of(ROOM), order, places, sizes, sections }
    }

    /// The number of a report.
    pub(super) fn cell(&self, report: ReportId) -> u32 {
        self.places[report.body.0 as usize] * self.years + (report.year.number() - self.first) as u32
    }

    /// The body at a place.
    pub fn body(&self, place: usize) -> BodyId {
        self.order[place]
    }

    /// The body whose report has a number.
    pub fn body_of(&self, cell: u32) -> BodyId {
        self.order[(cell / self.years) as usize]
    }

    /// How many numbers there are.
    pub fn cells(&self) -> usize {
        self.order.len() * self.years as usize
    }

    /// The slot of a section: 0 for title and what stands before the first statutory heading.
    pub(super) fn slot(&self, section: Option<&str>) -> u8 {
        section.and_then(|id| self.sections.iter().position(|known| known == id)).map_or(0, |place| (place + 1).min(SECTIONS) as u8)
    }
}
