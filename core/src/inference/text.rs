//! A text tower, run by ONNX Runtime: from a sentence to a vector.

use std::path::Path;

use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;
use tokenizers::{Tokenizer, TruncationParams};

use super::onnx::{Runtime, inference, unit};
use super::pack::{TextTower, checked_file, unusable};
use crate::error::{Error, Result};
use crate::vectors::add_scaled;

/// Turns sentences into unit vectors.
pub struct TextEncoder {
    session: Session,
    tokenizer: Tokenizer,
    output: String,
}

impl TextEncoder {
    /// Loads the tower of the pack in `folder`.
    ///
    /// # Errors
    /// [`Error::Model`].
    pub fn load(runtime: &Runtime, folder: &Path, tower: &TextTower) -> Result<Self> {
        let model = checked_file(folder, &tower.file, &tower.sha256)?;
        let tokenizer = checked_file(folder, &tower.tokenizer, &tower.tokenizer_sha256)?;
        let session = Session::builder(runtime.environment())
            .and_then(|builder| Ok(builder.with_optimization_level(GraphOptimizationLevel::All)?))
            .and_then(|builder| Ok(builder.with_intra_threads(1)?))
            .and_then(|mut builder| builder.commit_from_memory(&model))
            .map_err(|error| unusable(folder, error))?;
        let mut tokenizer = Tokenizer::from_bytes(tokenizer).map_err(|error| unusable(folder, error))?;
        tokenizer.with_padding(None);
        let limit = TruncationParams { max_length: tower.tokens, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(limit)).map_err(|error| unusable(folder, error))?;
        Ok(Self { session, tokenizer, output: tower.output.clone() })
    }

    /// Whether a word in small letters is one token.
    pub fn knows(&self, word: &str) -> bool {
        self.tokenizer.token_to_id(word).is_some()
    }

    /// The unit vector of a sentence: the mean of what the network says of its tokens.
    ///
    /// # Errors
    /// [`Error::Inference`].
    pub fn encode(&mut self, text: &str) -> Result<Vec<f32>> {
        let encoding =
            self.tokenizer.encode(text, true).map_err(|error| Error::Inference(error.to_string()))?;
        let ids: Vec<i64> = encoding.get_ids().iter().map(|id| i64::from(*id)).collect();
        let shape = [1, ids.len()];
        let (ones, zeros) = (vec![1_i64; ids.len()], vec![0_i64; ids.len()]);
        let tensor = |values| TensorRef::from_array_view((shape, values)).map_err(inference);
        let inputs = ort::inputs![
            "input_ids" => tensor(ids.as_slice())?,
            "attention_mask" => tensor(ones.as_slice())?,
            "token_type_ids" => tensor(zeros.as_slice())?,
        ];
        let outputs = self.session.run(inputs).map_err(inference)?;
        let found = outputs.get(&self.output);
        let found = found.ok_or_else(|| Error::Inference(format!("it has no output {}", self.output)))?;
        let (_, values) = found.try_extract_tensor::<f32>().map_err(inference)?;
        let mut mean = vec![0.0; values.len() / ids.len()];
        for token in values.chunks_exact(mean.len()) {
            add_scaled(&mut mean, 1.0, token);
        }
        unit(&mean).ok_or_else(|| Error::Inference("it answered no direction (zeros or no numbers)".into()))
    }
}
