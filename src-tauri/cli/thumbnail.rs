//! `fotonovela thumbnail`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::decoder::{DecodeOrder, Decoders, Encoding, Job, Program};
use fotonovela_core::error::{Error, Result};
use fotonovela_core::image::thumbnail;
use fotonovela_core::platform::files::write_whole;
use serde::Serialize;

use super::{Arguments, absolute, lossy, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Thumbnail {
    /// The photo.
    image: PathBuf,
    /// The file to write, JPEG.
    #[arg(long, value_name = "FILE")]
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
        let bytes = std::fs::read(&image).map_err(|error| Error::read(&image, error))?;
        let encoded = Some(Encoding::Jpeg(thumbnail::QUALITY));
        let order = DecodeOrder { side: self.size, encoded, square: None };
        let answer = Decoders::new(Program::this()).decode(&Job::of(&image, &bytes, order))?;
        let jpeg = answer.encoded.expect("it was ordered").bytes;
        write_whole(&out, &jpeg)?;
        if arguments.json {
            print_json(&Report { out, bytes: jpeg.len() });
        } else {
            print(&format!("{}: {} bytes", out.display(), jpeg.len()));
        }
        Ok(())
    }
}
