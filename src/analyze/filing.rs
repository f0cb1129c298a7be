//! Who filed when: the state of every body and year on a given day.

use super::{FiledReport, Reports, Standing};
use crate::config::Config;
use crate::model::{Body, Level, Registry, Year};
use jiff::civil::Date;

/// State of one body's report for one year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filing {
    /// Published by the deadline.
    OnTime,
    /// Published so many days after it.
    Late(u32),
    /// Published, but the report does not say when.
    Undated,
    /// The deadline has passed and no report is known.
    Missing,
    /// The deadline has not passed.
    NotDue,
    /// A report is there and is held back.
    Held,
    /// The body did not exist on 31 December.
    Nobody,
}

impl Filing {
    /// Whether a report is published.
    pub fn is_filed(self) -> bool {
        matches!(self, Filing::OnTime | Filing::Late(_) | Filing::Undated)
    }

    /// Key of strings and classes.
    pub fn key(self) -> &'static str {
        match self {
            Filing::OnTime => "filed",
            Filing::Late(_) => "late",
            Filing::Undated => "undated",
            Filing::Missing => "missing",
            Filing::NotDue => "pending",
            Filing::Held => "held",
            Filing::Nobody => "nobody",
        }
    }
}

/// How many bodies are in which state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Tally {
    /// Published by the deadline.
    pub on_time: u32,
    /// Published after it.
    pub late: u32,
    /// Published without a date.
    pub undated: u32,
    /// Missing.
    pub missing: u32,
    /// Not due yet.
    pub not_due: u32,
    /// Held back.
    pub held: u32,
}

impl Tally {
    /// Counts one state.
    pub fn add(&mut self, filing: Filing) {
        match filing {
            Filing::OnTime => self.on_time += 1,
            Filing::Late(_) => self.late += 1,
            Filing::Undated => self.undated += 1,
            Filing::Missing => self.missing += 1,
            Filing::NotDue => self.not_due += 1,
            Filing::Held => self.held += 1,
            Filing::Nobody => {}
        }
    }

    /// Counts another tally's bodies, too.
    pub fn merge(self, other: Tally) -> Tally {
        Tally {
            on_time: self.on_time + other.on_time,
            late: self.late + other.late,
            undated: self.undated + other.undated,
            missing: self.missing + other.missing,
            not_due: self.not_due + other.not_due,
            held: self.held + other.held,
        }
    }

    /// Bodies with a published report.
    pub fn filed(self) -> u32 {
        self.on_time + self.late + self.undated
    }

    /// Bodies that have to file.
    pub fn expected(self) -> u32 {
        self.filed() + self.missing + self.not_due + self.held
    }
}

/// Deadlines and the day against which they are held.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// Deadlines and first year of the portal.
    pub config: &'a Config,
    /// Editions with their deadlines.
    pub registry: &'a Registry,
    /// The day of the build.
    pub today: Date,
}

impl Calendar<'_> {
    /// The last day on which a body's report for a year is on time: the body's own deadline, the portal's, or the
    /// form's, which gives governments from the county up longer than townships and departments.
    pub fn deadline(&self, body: &Body, year: Year) -> Date {
        let form = self.registry.form_for(year);
        let set = |list: &[(String, crate::model::Deadline)]| list.iter().find(|(edition, _)| *edition == form.edition).map(|(_, deadline)| *deadline);
        let government = matches!(body.level, Level::Country | Level::Province | Level::City | Level::County);
        let by_form = if government { form.deadline_of_governments } else { form.deadline };
        set(&body.deadlines).or_else(|| set(&self.config.deadlines)).unwrap_or(by_form).for_year(year)
    }

    /// The state of one report, or of its absence.
    pub fn filing(&self, body: &Body, year: Year, report: Option<&FiledReport>) -> Filing {
        let deadline = self.deadline(body, year);
        match report {
            Some(report) if report.standing != Standing::Published => Filing::Held,
            Some(report) => match report.date {
                None => Filing::Undated,
                Some(date) if date <= deadline => Filing::OnTime,
                Some(date) => Filing::Late(deadline.until(date).map_or(1, |span| span.get_days().unsigned_abs())),
            },
            None if !body.exists_at_end_of(year) => Filing::Nobody,
            None if self.today <= deadline => Filing::NotDue,
            None => Filing::Missing,
        }
    }

    /// Every year a body is expected to file for, and every year it has filed for, oldest first.
    ///
    /// Expected from the portal's first year (else the body's own earliest report) to the last year that has ended and is
    /// due, and to the year that is due next.
    pub fn years<R: AsRef<FiledReport>>(&self, body: &Body, facts: &Reports<R>) -> Vec<Year> {
        let earliest = facts.reports.first().map(|report| report.as_ref().id.year);
        let Some(first) = self.config.first_year.or(earliest) else { return Vec::new() };
        let first = earliest.map_or(first, |earliest| earliest.min(first));
        let ended = Year::new(i64::from(self.today.year()) - 1).unwrap_or(first);
        let latest = facts.reports.last().map(|report| report.as_ref().id.year);
        let last = self.config.last_year.unwrap_or(ended).max(latest.unwrap_or(first));
        std::iter::successors(Some(first), |year| Some(year.next()))
            .take_while(|year| *year <= last)
            .filter(|year| body.exists_at_end_of(*year) || facts.report(*year).is_some())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BodyId, ReportId};
    use jiff::civil::date;

    fn body() -> Body {
        Body { until: Some(date(2024, 6, 30)), ..Body::unnamed(BodyId(0), None, "甲镇", String::new()) }
    }

    fn report(year: i64, published: Option<Date>, standing: Standing) -> FiledReport {
        FiledReport {
            id: ReportId { body: BodyId(0), year: Year::new(year).unwrap() },
            title: "".into(),
            date: published,
            form: crate::model::FormId(0),
            standing,
            issuer: None,
            number: None,
            file: "".into(),
            source: None,
            revisions: Vec::new(),
            aliases: Vec::new(),
            figure_count: 0,
        }
    }

    #[test]
    fn states_of_a_year() {
        let (registry, config) = (Registry::built_in(), Config::default());
        let calendar = Calendar { config: &config, registry: &registry, today: date(2024, 1, 31) };
        let year = |y| Year::new(y).unwrap();
        let state = |y, published: Option<Date>| calendar.filing(&body(), year(y), Some(&report(y, published, Standing::Published)));
        assert_eq!(state(2018, Some(date(2019, 3, 31))), Filing::OnTime);
        assert_eq!(state(2018, Some(date(2019, 4, 3))), Filing::Late(3));
        assert_eq!(state(2021, Some(date(2022, 2, 19))), Filing::Late(19));
        assert_eq!(state(2021, Some(date(2022, 6, 19))), Filing::Late(139));
        assert_eq!(state(2021, None), Filing::Undated);
        assert_eq!(calendar.filing(&body(), year(2022), None), Filing::Missing);
        assert_eq!(calendar.filing(&body(), year(2023), None), Filing::NotDue);
        assert_eq!(calendar.filing(&body(), year(2024), None), Filing::Nobody);
        assert_eq!(calendar.filing(&body(), year(2022), Some(&report(2022, None, Standing::Draft))), Filing::Held);
    }

    #[test]
    fn years_run_from_the_first_report_to_the_year_that_has_ended() {
        let (registry, mut config) = (Registry::built_in(), Config::default());
        let facts = Reports { body: BodyId(0), reports: vec![report(2020, None, Standing::Published), report(2022, None, Standing::Published)] };
        let years = |config: &Config| {
            let calendar = Calendar { config, registry: &registry, today: date(2025, 3, 1) };
            calendar.years(&body(), &facts).into_iter().map(|year| year.number()).collect::<Vec<_>>()
        };
        // The body ended in June 2024 and does not file for that year.
        assert_eq!(years(&config), [2020, 2021, 2022, 2023]);
        config.first_year = Year::new(2019);
        config.last_year = Year::new(2021);
        assert_eq!(years(&config), [2019, 2020, 2021, 2022]);
    }
}
