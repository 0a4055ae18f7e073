//! What must hold for any bytes, for each place where our own code reads what others wrote. Run by cargo-fuzz
//! (`make fuzz`) and, over changed samples, by `tests/core/fuzzed.rs`.

use std::path::Path;

use fotonovela_core::comic::providers::openai::{DrawJob, Route, read_kept};
use fotonovela_core::decoder::wire;
use fotonovela_core::image::{header, metadata};
use fotonovela_core::inference::ModelPack;
use fotonovela_core::types::{MAX_PIXELS, Quality};

/// What a file tells: EXIF, XMP and its name, and the bytes as a file beside a photo.
pub(crate) fn metadata(bytes: &[u8]) {
    let read = metadata::read(bytes, Path::new(&*String::from_utf8_lossy(bytes)));
    assert_eq!(metadata::orientation(bytes), read.orientation);
    for facts in [read.facts, metadata::xmp::sidecar(bytes)] {
        if let Some(gps) = facts.gps {
            assert!(gps.latitude.abs() <= 90.0 && gps.longitude.abs() <= 180.0, "{gps:?}");
        }
        assert!(facts.rating.is_none_or(|rating| (-1..=5).contains(&rating)), "{:?}", facts.rating);
        assert!(facts.keywords.iter().all(|keyword| !keyword.is_empty()));
    }
    let turned = read.orientation.upright_size(3, 2);
    assert!(turned == (3, 2) || turned == (2, 3));
}

/// Kind and size of a file, from its start.
pub(crate) fn header_of(bytes: &[u8]) {
    for name in ["photo.jpg", "photo", "photo.HEIC"] {
        if let Ok(header) = header(bytes, Path::new(name)) {
            let pixels = u64::from(header.width) * u64::from(header.height);
            assert!((1..=MAX_PIXELS).contains(&pixels), "{header:?}");
        }
    }
}

/// The description of a model.
pub(crate) fn model_pack(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match ModelPack::parse(text) {
        Ok(pack) => assert_eq!(pack.id(), format!("{}@{}", pack.name, pack.version)),
        Err(reason) => assert!(!reason.is_empty()),
    }
}

/// What a decoder answers that a file has taken over.
pub(crate) fn frames(bytes: &[u8]) {
    let Ok(reply) = wire::read_reply(&mut &bytes[..]) else { return };
    let mut written = Vec::new();
    wire::write_reply(&mut written, &reply).expect("memory takes everything");
    assert_eq!(wire::read_reply(&mut written.as_slice()).expect("we wrote it"), reply);
}

/// What the service that draws answers.
pub(crate) fn answer(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for route in [Route::Responses, Route::Edits] {
        match read_kept(&job(route), text) {
            Ok(drawing) => assert!(drawing.is_none_or(|drawing| !drawing.bytes.is_empty())),
            Err(error) => assert!(!error.reason.code.is_empty()),
        }
    }
}

/// A request of this route.
pub(crate) fn job(route: Route) -> DrawJob {
    DrawJob {
        route,
        text_model: "text".into(),
        image_model: "image".into(),
        prompt: "a story".into(),
        pictures: Vec::new(),
        change: false,
        size: "1024x1536".into(),
        quality: Quality::Low,
        partial_images: 0,
        safety_identifier: None,
    }
}
