//! `fotonovela store`.

use std::io::BufRead;

use clap::{Args, Subcommand};
use fotonovela_core::error::{Error, Result};
use fotonovela_core::stores::Progress;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{NoticeCode, Reason, ReasonCode, StoreCode, StoreState, Verification};
use indicatif::{ProgressBar, ProgressStyle};

use super::words::{Word, print_text};
use super::{Arguments, fail, open, print_json, print_note};

#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say whether it answers, how fast, and how many rows it holds.
    Status,
    /// Bring it up to date and compare 100 searches with the exact answers.
    Verify,
    /// Fill it anew from the catalogue.
    Rebuild,
    /// Fill another store, verify it, and use it from now on. Nothing is embedded again; run it again if it was cut off.
    Move {
        /// Where to.
        to: String,
    },
    /// Keep the token of a store, read from stdin, in the keychain.
    Token {
        /// The store that it is for.
        of: String,
    },
}

impl Store {
    /// Returns whether the store is well, if that was asked.
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<bool> {
        let library = open(arguments)?;
        let bar = ProgressBar::new(0).with_style(
            ProgressStyle::with_template("{bar:30} {pos}/{len} rows").expect("the template is valid"),
        );
        let progress = |progress| {
            if let Progress::Filling { sent, of } = progress {
                bar.set_length(of as u64);
                bar.set_position(sent as u64);
            }
        };
        // Ctrl-C ends the program, and what was sent stays.
        let cancel = CancelToken::default();
        let verification = match &self.what {
            What::Status => {
                let state = library.store_state()?;
                if arguments.json {
                    print_json(&state);
                } else {
                    print_text(&told(state));
                }
                return Ok(true);
            }
            What::Token { of } => {
                let mut token = String::new();
                std::io::stdin().lock().read_line(&mut token).map_err(|error| Error::read("stdin", error))?;
                return library.set_store_token(&of.parse()?, &token, true).map(|_| true);
            }
            What::Verify => library.verify_store(progress, &cancel),
            What::Rebuild => library.rebuild_store(progress, &cancel),
            What::Move { to } => library.move_store(&to.parse()?, progress, &cancel),
        };
        bar.finish_and_clear();
        let verification = verification?;
        if matches!(self.what, What::Move { .. }) {
            print_note(&NoticeCode::StoreAfterStart.reason());
        }
        report(&verification, arguments.json);
        Ok(verification.ok)
    }
}

fn told(state: StoreState) -> Reason {
    let told = Word::StoreState
        .with("store", state.store)
        .with("version", state.version)
        .with("rows", state.rows)
        .with("expected", state.expected)
        .with("latency", format!("{:.1}", state.latency_ms));
    match state.collection {
        Some(collection) => told.with("collection", collection),
        None => told,
    }
}

fn report(verification: &Verification, json: bool) {
    let Verification { rows, expected, searches, recall, score_error, strangers, repaired, ok } =
        verification;
    if json {
        print_json(verification);
    } else {
        if *repaired {
            print_text(&Word::StoreRepaired.reason());
        }
        if *strangers > 0 {
            print_text(&Word::StoreStrangers.with("hits", *strangers));
        }
        print_text(
            &Word::StoreVerified
                .with("rows", *rows)
                .with("expected", *expected)
                .with("searches", *searches)
                .with("recall", format!("{recall:.4}"))
                .with("error", format!("{score_error:.5}")),
        );
    }
    if !ok {
        // The answer is out, and it is one object.
        fail(&Error::Invalid(StoreCode::StoreWrong.reason()), false);
    }
}
