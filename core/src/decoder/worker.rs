//! The worker's side: bytes in, pixels out, one file after the other until the pipe closes.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::wire::{self, Greeting, Reply, Request};
use super::{DecodeOrder, DecodeOutput, EncodedImage, Encoding, FileDescription, FilePart, limits};
use crate::error::DecodeError;
use crate::image::{self, metadata, thumbnail};
use crate::pixels::Rgb;

/// Capacity that is kept from one file to the next: larger files are seldom.
const KEPT: usize = 32 << 20;

/// Serves as a worker on stdin and stdout until the other side closes them. Ends up in a sandbox: the process is of
/// no other use afterwards.
///
/// # Errors
/// When the other side is gone or does not speak the protocol.
pub fn run() -> io::Result<()> {
    run_with(make)
}

/// [`run`] with another way to make an answer, for tests that need a worker that misbehaves.
///
/// # Errors
/// As [`run`].
pub fn run_with(make: impl Fn(&str, &[u8], DecodeOrder) -> Reply) -> io::Result<()> {
    // Nobody reads it as it comes; what a crash says is read at the end.
    std::panic::set_hook(Box::new(|_| {}));
    let greeting = Greeting { fotonovela_decoder: Greeting::THIS.into(), confinement: limits::sandbox() };
    let (input, mut output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    wire::write(&mut output, &greeting, &[])?;
    serve(input, output, make)
}

fn serve(
    mut input: impl Read,
    mut output: impl Write,
    make: impl Fn(&str, &[u8], DecodeOrder) -> Reply,
) -> io::Result<()> {
    let mut file = Vec::new();
    loop {
        let (request, length) = match wire::read::<Request>(&mut input, &mut file) {
            Ok(request) => request,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        limits::set(request.limits);
        wire::write_reply(&mut output, &make(&request.name, &file[..length], request.order))?;
        if file.len() > KEPT {
            file = Vec::new();
        }
    }
}

/// Decodes a file once and makes of it what was ordered.
///
/// # Errors
/// [`DecodeError`] with the reason.
pub fn make(name: &str, bytes: &[u8], order: DecodeOrder) -> Reply {
    let path = Path::new(name);
    match order.part {
        FilePart::Photo => of_photo(path, bytes, order),
        FilePart::Preview => {
            let preview = metadata::preview(bytes).ok_or(DecodeError::NotAPicture)?;
            of_photo(path, &preview, order)
        }
        FilePart::Sidecar => {
            let facts =
                FileDescription { facts: metadata::xmp::sidecar(bytes), ..FileDescription::default() };
            Ok(DecodeOutput { facts: Some(Box::new(facts)), ..DecodeOutput::default() })
        }
        FilePart::Export => {
            let exported = metadata::takeout::exported(bytes);
            let described = exported.map_or_else(FileDescription::default, |export| FileDescription {
                facts: export.facts,
                title: Some(export.title),
                ..FileDescription::default()
            });
            Ok(DecodeOutput { facts: Some(Box::new(described)), ..DecodeOutput::default() })
        }
    }
}

fn of_photo(path: &Path, bytes: &[u8], order: DecodeOrder) -> Reply {
    let facts = order.facts.then(|| facts(path, bytes)).transpose()?.map(Box::new);
    if !order.has_pixels() {
        return Ok(DecodeOutput { facts, ..DecodeOutput::default() });
    }
    let decoded = image::decode(bytes, path, order.side)?;
    let fitted = (order.pixels || order.encoded.is_some()).then(|| decoded.fitted(order.side));
    let encoded = order.encoded.zip(fitted.as_ref()).map(|(encoding, picture)| encode(picture, encoding));
    Ok(DecodeOutput {
        encoded: encoded.transpose()?,
        square: order.square.map(|side| decoded.squashed(side)),
        pixels: fitted.filter(|_| order.pixels),
        facts,
    })
}

fn facts(path: &Path, bytes: &[u8]) -> Result<FileDescription, DecodeError> {
    let header = image::header(bytes, path)?;
    let (width, height) = header.orientation.upright_size(header.width, header.height);
    let facts = metadata::read(bytes, path).facts;
    Ok(FileDescription { format: header.format.name().to_owned(), width, height, facts, title: None })
}

fn encode(picture: &Rgb, encoding: Encoding) -> Result<EncodedImage, DecodeError> {
    let bytes = match encoding {
        Encoding::Jpeg(quality) => thumbnail::encode_jpeg(picture, quality),
        Encoding::Png => encode_png(picture),
    }
    .map_err(DecodeError::Corrupt)?;
    Ok(EncodedImage { bytes, width: picture.width, height: picture.height, average: picture.average() })
}

fn encode_png(picture: &Rgb) -> Result<Vec<u8>, String> {
    let mut png = io::Cursor::new(Vec::new());
    ::image::write_buffer_with_format(
        &mut png,
        &picture.data,
        picture.width,
        picture.height,
        ::image::ExtendedColorType::Rgb8,
        ::image::ImageFormat::Png,
    )
    .map_err(|error| error.to_string())?;
    Ok(png.into_inner())
}
