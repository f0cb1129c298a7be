//! `gongkai new BODY YEAR`

use super::{Common, say};
use clap::Args;
use gongkai::config::Overlay;
use gongkai::diag::Words;
use gongkai::draft::{self, DraftError};
use gongkai::driver;
use gongkai::model::Year;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Folder of the body under content/ 机关在 content/ 下的目录，根机关写 .
    body: String,
    /// Report year 年度
    #[arg(value_parser = year)]
    year: Year,
}

fn year(text: &str) -> Result<Year, String> {
    Year::from_digits(text).ok_or_else(|| format!("{text}: 不是年份 not a year"))
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let body = if self.body == "." { "" } else { &self.body };
        let site = match common.open(Overlay::default(), true, false) {
            Ok(site) => site,
            Err(code) => return code,
        };
        let written = driver::check(&site, &|_, _, _| {}).map_err(DraftError::Failure).and_then(|examined| draft::new(&site, &examined, body, self.year));
        match written {
            Ok(path) => {
                let path = path.display();
                common.tell(&Words::new(
                    format!("写了草稿 {path}。填好后写上 date，删去 draft = true，再运行 gongkai check。"),
                    format!("Wrote the draft {path}. Fill it in, set date, remove draft = true, then run gongkai check."),
                ));
                0
            }
            Err(DraftError::Failure(failure)) => common.failed(&failure),
            Err(error) => {
                say(error.words().in_language(common.language()));
                error.exit_code()
            }
        }
    }
}
