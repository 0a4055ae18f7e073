//! `fotonovela thumbnail`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::comic::export::check_inputs;
use fotonovela_core::decoder::{DecodeOrder, Decoders, Encoding, Job, Program};
use fotonovela_core::error::Result;
use fotonovela_core::image::thumbnail;
use fotonovela_core::platform::files::export_durably;
use fotonovela_core::platform::reading::read_picture;
use serde::Serialize;

use fotonovela_core::types::ReasonCode;

use super::out::ending;
use super::words::{Word, print_text};
use super::{Arguments, absolute, has_library, lossy, open, print_json};

#[derive(Debug, Args)]
pub(crate) struct Thumbnail {
    /// The photo.
    image: PathBuf,
    /// The file to write, JPEG.
    #[arg(long, value_name = "FILE", value_parser = ending(&["jpg", "jpeg"]))]
    out: PathBuf,
    /// Longer side in pixels, at most.
    #[arg(long, default_value_t = thumbnail::SIDE, value_parser = clap::value_parser!(u32).range(1..=8192))]
    size: u32,
}

#[derive(Debug, Serialize)]
struct Report {
    #[serde(serialize_with = "lossy")]
    out: PathBuf,
    bytes: usize,
}

impl Thumbnail {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let (image, out) = (absolute(&self.image)?, absolute(&self.out)?);
        check_inputs(&out, &[&image])?;
        if out.symlink_metadata().is_ok() && has_library(arguments) {
            open(arguments)?.check_place(&out, &[])?;
        }
        let bytes = read_picture(&image)?;
        let order = DecodeOrder::encoded(self.size, Encoding::Jpeg(thumbnail::QUALITY));
        let answer = Decoders::new(Program::this()).decode(&Job::of(&image, &bytes, order))?;
        let jpeg = answer.encoded.expect("it was ordered").bytes;
        export_durably(&out, &jpeg)?;
        if arguments.json {
            print_json(&Report { out, bytes: jpeg.len() });
        } else {
            print_text(&Word::ThumbnailWritten.with("out", out.as_path()).with("bytes", jpeg.len()));
        }
        Ok(())
    }
}
