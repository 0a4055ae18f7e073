//! `fotonovela ledger`.

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::types::{LedgerEntry, ReasonCode, RequestState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::words::{Word, print_text, say};
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
            let sum = Word::LedgerSum.with("requests", requests.len());
            print_text(&sum.with("cost", format!("{known_cost_usd:.3}")));
        }
        Ok(())
    }
}

fn line(request: &LedgerEntry) -> String {
    let at = Timestamp::from_millisecond(request.sent_at).unwrap_or_default().to_zoned(TimeZone::system());
    let state = match (request.state, request.cost_usd) {
        (RequestState::Drawn, Some(cost)) => Word::LedgerDrawnFor.with("cost", format!("{cost:.3}")),
        (RequestState::Drawn, None) => Word::LedgerDrawn.reason(),
        (RequestState::MayBeBilled, _) => Word::LedgerMayBeBilled.reason(),
        (RequestState::NotBilled, _) => Word::LedgerNotBilled.reason(),
    };
    let (model, state) = (&request.image_model, say(&state));
    format!("{:>4}  {}  {}  {model}  {state}", request.id.0, at.strftime("%Y-%m-%d %H:%M"), request.host)
}
