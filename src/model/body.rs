//! Bodies that publish: townships, counties, departments, and their tree.

use super::Year;
use jiff::civil::Date;

/// The place of a body in [`BodyTree`]; parents come before their children.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct BodyId(pub u32);

/// Administrative level, as `[body] level` names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 国家
    Country,
    /// 省
    Province,
    /// 市
    City,
    /// 县、区
    County,
    /// 乡、镇、街道
    Township,
    /// 村、社区
    Village,
    /// 部门
    Department,
}

impl Level {
    /// All levels, in the order of `[body] level`.
    pub const ALL: [Level; 7] = [Level::Country, Level::Province, Level::City, Level::County, Level::Township, Level::Village, Level::Department];

    /// The key used in front matter and strings.
    pub fn key(self) -> &'static str {
        match self {
            Level::Country => "country",
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Township => "township",
            Level::Village => "village",
            Level::Department => "department",
        }
    }
}

/// A name a body once had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormerName {
    /// The old name.
    pub title: String,
    /// The last day it was in use.
    pub until: Date,
}

/// Where residents can ask.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Contact {
    /// Office in charge.
    pub office: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// Office line.
    pub phone: Option<String>,
    /// Fax line.
    pub fax: Option<String>,
    /// Office mail address.
    pub email: Option<String>,
    /// Office hours.
    pub hours: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
}

/// One body.
#[derive(Clone, PartialEq, Debug)]
pub struct Body {
    /// Its place in the tree.
    pub id: BodyId,
    /// The body above it; none for the root.
    pub parent: Option<BodyId>,
    /// Bodies below it, in official order: code, then address.
    pub children: Vec<BodyId>,
    /// Its address inside the portal: `""` for the root, else `a/b`, without slashes at the ends.
    pub path: String,
    /// Its name today.
    pub title: String,
    /// Administrative level.
    pub level: Level,
    /// Administrative code.
    pub code: Option<String>,
    /// Names it once had, oldest first.
    pub former_names: Vec<FormerName>,
    /// First day of its existence, where known.
    pub since: Option<Date>,
    /// Last day of its existence.
    pub until: Option<Date>,
    /// The body that took over.
    pub succeeded_by: Option<BodyId>,
    /// Bodies it took over from.
    pub predecessors: Vec<BodyId>,
    /// Pinyin of the name, for lists.
    pub pinyin: Option<String>,
    /// Where residents can ask.
    pub contact: Contact,
    /// Deadlines of its own, by edition: month and day.
    pub deadlines: Vec<(String, super::Deadline)>,
    /// Old addresses that lead here.
    pub aliases: Vec<String>,
    /// File it was read from, relative to the root.
    pub file: String,
    /// Length of the front matter in bytes: where the Markdown begins.
    pub text_start: usize,
}

impl Body {
    /// A body of which no more than its address is known, which stands for its name: a township, unless it is said otherwise.
    pub fn unnamed(id: BodyId, parent: Option<BodyId>, path: &str, file: String) -> Body {
        Body {
            id,
            parent,
            children: Vec::new(),
            path: path.to_string(),
            title: path.to_string(),
            level: Level::Township,
            code: None,
            former_names: Vec::new(),
            since: None,
            until: None,
            succeeded_by: None,
            predecessors: Vec::new(),
            pinyin: None,
            contact: Contact::default(),
            deadlines: Vec::new(),
            aliases: Vec::new(),
            file,
            text_start: 0,
        }
    }

    /// Whether the body exists on 31 December of a year, and so has to file for it.
    pub fn exists_at_end_of(&self, year: Year) -> bool {
        let day = year.last_day();
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| until >= day)
    }

    /// The name it had on the last day of a year.
    pub fn title_in(&self, year: Year) -> &str {
        let day = year.last_day();
        self.former_names.iter().find(|name| day <= name.until).map_or(&self.title, |name| &name.title)
    }
}

/// All bodies, parents before children.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BodyTree {
    bodies: Vec<Body>,
}

impl BodyTree {
    /// A tree of bodies whose ids are their places and whose parents come first.
    pub fn new(bodies: Vec<Body>) -> BodyTree {
        debug_assert!(bodies.iter().enumerate().all(|(place, body)| body.id.0 as usize == place));
        BodyTree { bodies }
    }

    /// The top body, if there is any body at all.
    pub fn root(&self) -> Option<&Body> {
        self.bodies.first()
    }

    /// One body.
    pub fn body(&self, id: BodyId) -> &Body {
        &self.bodies[id.0 as usize]
    }

    /// All bodies in address order of the tree.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Body> {
        self.bodies.iter()
    }

    /// The body at an address without outer slashes.
    pub fn by_path(&self, path: &str) -> Option<&Body> {
        self.bodies.iter().find(|body| body.path == path)
    }

    /// From the root down to the parent of a body.
    pub fn ancestors(&self, id: BodyId) -> Vec<&Body> {
        let mut chain: Vec<&Body> = std::iter::successors(self.body(id).parent, |&p| self.body(p).parent).map(|p| self.body(p)).collect();
        chain.reverse();
        chain
    }

    /// The nearest body that is a county, the body itself included: the issuer's county of document numbers.
    pub fn county_of(&self, id: BodyId) -> Option<&Body> {
        std::iter::successors(Some(id), |&p| self.body(p).parent).map(|p| self.body(p)).find(|body| body.level == Level::County)
    }
}
