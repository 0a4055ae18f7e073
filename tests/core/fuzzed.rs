//! The fuzz targets over changed samples: the same changes in every run, in a few seconds, on any compiler.
//! FOTONOVELA_WRITE_SAMPLES names a folder for the samples; `make fuzz` begins with them.

use fotonovela_core::comic::providers::openai::{Route, read_kept};
use fotonovela_core::decoder::wire::write_reply;
use fotonovela_core::decoder::{DecodeOutput, EncodedImage};
use fotonovela_core::error::DecodeError;
use fotonovela_core::pixels::Rgb;
use proptest::prelude::{Strategy, any};
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::fuzz_targets;
use crate::support::{Exif, jpeg, png, scene, write, xmp};

/// Changed samples a target.
const CASES: u32 = 3000;
/// What counts as near the start of a sample, in bytes.
const HEAD: usize = 160;

/// Some bytes replaced, a part taken out or doubled, the end cut off: what breaks readers of formats.
#[derive(Clone, Debug)]
struct Change {
    sample: Index,
    /// Half of them near the start, where the heads are.
    bytes: Vec<(Index, bool, u8)>,
    part: Option<(Index, Index, bool)>,
    end: Option<Index>,
}

impl Change {
    fn of(&self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut changed = self.sample.get(samples).clone();
        for (place, near, byte) in &self.bytes {
            let end = if *near { HEAD.min(changed.len()) } else { changed.len() };
            changed[place.index(end)] = *byte;
        }
        if let Some((one, other, doubled)) = &self.part {
            let (one, other) = (one.index(changed.len()), other.index(changed.len()));
            let part: Vec<u8> = changed[one.min(other)..one.max(other)].to_vec();
            let with = if *doubled { [part.as_slice(), &part].concat() } else { Vec::new() };
            changed.splice(one.min(other)..one.max(other), with);
        }
        if let Some(end) = &self.end {
            changed.truncate(end.index(changed.len() + 1));
        }
        changed
    }
}

fn changes() -> impl Strategy<Value = Change> {
    let place = any::<Index>();
    let byte =
        proptest::prop_oneof![proptest::sample::select(vec![0, 1, 0x7F, 0x80, 0xFE, 0xFF]), any::<u8>()];
    let bytes = proptest::collection::vec((any::<Index>(), any::<bool>(), byte), 0..8);
    let part = proptest::option::weighted(0.2, (any::<Index>(), any::<Index>(), any::<bool>()));
    (place, bytes, part, proptest::option::weighted(0.2, any::<Index>()))
        .prop_map(|(sample, bytes, part, end)| Change { sample, bytes, part, end })
}

fn run(name: &str, samples: &[Vec<u8>], target: fn(&[u8])) {
    if let Some(folder) = std::env::var_os("FOTONOVELA_WRITE_SAMPLES") {
        for (number, sample) in samples.iter().enumerate() {
            write(&std::path::Path::new(&folder).join(name).join(format!("sample-{number}")), sample);
        }
    }
    samples.iter().for_each(|sample| target(sample));
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let same_each_time = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let ran = TestRunner::new_with_rng(config, same_each_time).run(&changes(), |change| {
        let bytes = change.of(samples);
        std::panic::catch_unwind(|| target(&bytes))
            .map_err(|_| TestCaseError::fail(format!("it fails on {} bytes", bytes.len())))
    });
    ran.unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// Small pictures of each kind, with and without what cameras write.
fn pictures() -> Vec<Vec<u8>> {
    let picture = scene(5, 48, 32);
    let full = Exif {
        orientation: Some(6),
        taken: Some("2024:05:17 18:30:05"),
        make: Some("Maker"),
        model: Some("Model 7"),
        gps: Some([([48, 12, 30], 'N'), ([16, 22, 12], 'E')]),
        ..Exif::default()
    };
    let broken = Exif { broken_link: true, ..full };
    let jpeg = jpeg(&picture);
    vec![full.in_jpeg(&jpeg), broken.in_jpeg(&jpeg), full.tiff(), png(&picture), webp(&picture), jpeg]
}

fn webp(picture: &image::RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::WebP).unwrap();
    bytes.into_inner()
}

#[test]
fn metadata_of_any_bytes() {
    let beside = xmp("xmp:Rating='4' xmp:CreateDate='2024-05-17T18:30:05+02:00'", &["Cola", "snow"]);
    let samples = [pictures(), vec![beside.into_bytes(), b"IMG_20240131_142233.jpg".to_vec()]].concat();
    run("metadata", &samples, fuzz_targets::metadata);
}

#[test]
fn headers_of_any_bytes() {
    run("header", &pictures(), fuzz_targets::header_of);
}

#[test]
fn any_model_toml() {
    let bundled = std::fs::read("../models/efficientnet-lite0-lite2/model.toml").unwrap();
    run("model_pack", &[bundled], fuzz_targets::model_pack);
}

#[test]
fn any_answer_of_a_decoder() {
    let encoded = EncodedImage { bytes: vec![9; 300], width: 20, height: 10, average: [1, 2, 3] };
    let square = Rgb { width: 4, height: 4, data: vec![5; 48] };
    let replies = [
        Ok(DecodeOutput { encoded: Some(encoded), square: Some(square), pixels: None, facts: None }),
        Ok(DecodeOutput::default()),
        Err(DecodeError::Corrupt("for some reason".into())),
    ];
    let written = replies.map(|reply| {
        let mut bytes = Vec::new();
        write_reply(&mut bytes, &reply).unwrap();
        bytes
    });
    run("frames", &written, fuzz_targets::frames);
}

#[test]
fn any_answer_of_the_service() {
    use base64::Engine as _;
    let picture = base64::engine::general_purpose::STANDARD.encode(png(&scene(6, 8, 8)));
    let partial = serde_json::json!({
        "type": "response.image_generation_call.partial_image", "partial_image_b64": picture, "partial_image_index": 0
    });
    let item =
        serde_json::json!({ "type": "image_generation_call", "status": "completed", "result": picture });
    let done = serde_json::json!({
        "type": "response.completed", "response": { "id": "resp_1", "status": "completed", "output": [item] }
    });
    let failed = serde_json::json!({
        "type": "response.failed",
        "response": { "status": "failed", "error": { "code": "server_error", "message": "sorry" } }
    });
    let edit = serde_json::json!({
        "created": 1, "data": [{ "b64_json": picture }], "usage": { "input_tokens": 5, "output_tokens": 7 }
    });
    let error =
        serde_json::json!({ "error": { "code": "moderation_blocked", "message": "no", "type": "x" } });
    let samples =
        [format!("{partial}\n{done}\n"), format!("{failed}"), format!("{edit}"), format!("{error}")];
    for (route, sample) in [(Route::Responses, &samples[0]), (Route::Edits, &samples[2])] {
        let drawing = read_kept(&fuzz_targets::job(route), sample);
        assert!(matches!(drawing, Ok(Some(_))), "the sample is no drawing: {:?}", drawing.err());
    }
    run("answer", &samples.map(String::into_bytes), fuzz_targets::answer);
}
