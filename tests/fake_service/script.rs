//! A stream of events as it is written: line endings, pace, and where it is cut.

use std::time::Duration;

use axum::body::Bytes;
use serde_json::{Value, json};

use super::Step;

/// See the module.
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
    ending: &'static str,
    sequence: u32,
    slow: bool,
}

impl Script {
    pub(super) fn new(ending: &'static str, slow: bool) -> Self {
        Self { steps: Vec::new(), ending, sequence: 0, slow }
    }

    pub(super) fn event(&mut self, name: &str, mut data: Value) {
        data["type"] = json!(name);
        data["sequence_number"] = json!(self.sequence);
        self.sequence += 1;
        if self.slow {
            self.steps.push(Step::Pause(Duration::from_millis(600)));
        }
        self.raw(&format!("event: {name}\ndata: {data}\n\n"));
    }

    /// Lines as they are, with the stream's line ending.
    pub(super) fn raw(&mut self, text: &str) {
        self.steps.push(Step::Bytes(text.replace('\n', self.ending).into()));
    }
}

/// Cuts everything into pieces of 1 to 40 bytes, sent one by one.
pub(super) fn split(steps: Vec<Step>) -> Vec<Step> {
    let mut all = Vec::new();
    for step in steps {
        if let Step::Bytes(bytes) = step {
            all.extend_from_slice(&bytes);
        }
    }
    let (mut pieces, mut rest, mut random) = (Vec::new(), Bytes::from(all), 12345_u32);
    while !rest.is_empty() {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let size = (1 + (random >> 16) as usize % 40).min(rest.len());
        pieces.push(Step::Bytes(rest.split_to(size)));
        pieces.push(Step::Pause(Duration::from_micros(200)));
    }
    pieces
}
