//! `fotonovela ledger`.

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::types::{LedgerEntry, RequestState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Arguments, open, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Ledger {}

#[derive(Debug, Serialize)]
struct Report {
    requests: Vec<LedgerEntry>,
    /// US dollars, of the requests whose price is known.
    known_cost_usd: f64,
}

impl Ledger {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let requests = open(arguments)?.ledger()?;
        let costs = requests.iter().filter_map(|request| request.cost_usd);
        // The sum of no numbers would be -0.
        let known_cost_usd = costs.fold(0.0, |sum, cost| sum + cost);
        if arguments.json {
            print_json(&Report { requests, known_cost_usd });
        } else {
            requests.iter().for_each(|request| print(&line(request)));
            print(&format!("{} requests, ${known_cost_usd:.3} known", requests.len()));
        }
        Ok(())
    }
}

fn line(request: &LedgerEntry) -> String {
    let at = Timestamp::from_millisecond(request.sent_at).unwrap_or_default().to_zoned(TimeZone::system());
    let state = match (request.state, request.cost_usd) {
        (RequestState::Drawn, Some(cost)) => format!("drawn for ${cost:.3}"),
        (RequestState::Drawn, None) => "drawn".to_owned(),
        (RequestState::MayBeBilled, _) => "no picture; may have been billed".to_owned(),
        (RequestState::NotBilled, _) => "not billed".to_owned(),
    };
    let model = &request.image_model;
    format!("{:>4}  {}  {}  {model}  {state}", request.id.0, at.strftime("%Y-%m-%d %H:%M"), request.host)
}
