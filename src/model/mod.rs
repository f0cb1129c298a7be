//! The nouns of the law and of the people who publish: bodies, years, forms, indicators, figures, reports.
//!
//! Nothing here reads a file or knows a stage. Ids are small and `Copy`; names stand in the registry and the tree.

mod address;
mod amount;
mod body;
mod figure;
mod form;
mod glossary;
mod indicator;
mod report;
mod year;

pub use address::{NameFault, is_reserved, name_fault};
pub use amount::{Amount, AmountError};
pub use body::{Body, BodyId, BodyTree, Contact, FormerName, Level};
pub use figure::{About, Breakdown, Figure, FigureKey, Origin, Reading, TimeSpan};
pub use form::{Cell, Column, Deadline, Form, FormError, FormId, FormSection, Layout, Relation, Row, Table, Term};
pub use glossary::{Explained, Glossary};
pub use indicator::{Indicator, IndicatorId, Kind, Registry, UnitReading};
pub use report::{Accept, Citation, Heading, Paragraph, Report, ReportId, ReportTable, Review, Revision, TableRow, TextBlock};
pub use year::{Period, Year};
