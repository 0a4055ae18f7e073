//! Decoding in processes of its own: what it makes is what decoding here would make, and whatever a file does to its
//! worker costs that file only.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fotonovela_core::decoder::{
    DecodeOrder, DecodeOutput, Decoder, Decoders, Encoding, FilePart, Job, Limits, Program, worker,
};
use fotonovela_core::error::{DecodeError, Error, Harm};
use fotonovela_core::image::thumbnail;
use fotonovela_core::library::Library;
use fotonovela_core::pixels::ResizeFilter;
use fotonovela_core::platform::resources;
use fotonovela_core::types::{ErrorCode, Fence, ReasonCode};
use strum::VariantArray;

use crate::home::{Home, decoder, options, replace};
use crate::support::{self, wait_for, write};

const PRODUCTS: DecodeOrder = DecodeOrder {
    side: thumbnail::SIDE,
    encoded: Some(Encoding::Jpeg(thumbnail::QUALITY)),
    square: Some(224),
    pixels: false,
    facts: true,
    part: FilePart::Photo,
};

fn job<'a>(name: &'a str, bytes: &'a [u8]) -> Job<'a> {
    Job { name, bytes, order: PRODUCTS }
}

/// Decodes a good photo under a name that the worker has a part to play for.
fn decode_as(decoder: &mut Decoder, name: &str) -> Result<DecodeOutput, Error> {
    decoder.decode(&job(name, &support::photo(1)))
}

fn harm(decoder: &mut Decoder, name: &str) -> Harm {
    match decode_as(decoder, name) {
        Err(Error::Harmful(harm)) => harm,
        other => panic!("{name}: {other:?}"),
    }
}

fn impatient(limits: Limits) -> Decoder {
    Decoders::new(Program { limits, timeout: Duration::from_secs(3), ..decoder() }).decoder()
}

#[test]
fn a_worker_makes_what_decoding_here_makes() {
    let exif = support::Exif { orientation: Some(6), ..support::Exif::default() };
    let turned = exif.in_jpeg(&support::jpeg(&support::scene(3, 1500, 900)));
    let png = support::png(&support::scene(4, 700, 650));
    let mut decoder = Decoders::new(decoder()).decoder();
    let full = DecodeOrder::encoded(u32::MAX, Encoding::Png);
    for (name, bytes) in [("turned.jpg", &turned), ("shapes.png", &png)] {
        for order in [PRODUCTS, full, DecodeOrder { encoded: None, ..PRODUCTS }] {
            let made = decoder.decode(&Job { name, bytes, order }).unwrap();
            assert_eq!(made, worker::make(name, bytes, order).unwrap(), "{name} {order:?}");
        }
    }
    let made = decoder.decode(&job("turned.jpg", &turned)).unwrap();
    let (encoded, square) = (made.encoded.unwrap(), made.square.unwrap());
    assert_eq!((encoded.width, encoded.height), (307, 512));
    let shown = fotonovela_core::image::decode(&encoded.bytes, Path::new("t.jpg"), 512).unwrap();
    let difference = shown.pixels.resized(224, 224, ResizeFilter::Bicubic).data.into_iter().zip(square.data);
    let difference: u64 = difference.map(|(a, b)| u64::from(a.abs_diff(b))).sum();
    assert!(difference < 224 * 224 * 3 * 6, "thumbnail and square show different pictures: {difference}");
}

#[test]
fn a_refusal_keeps_its_reason_and_its_worker() {
    let mut decoder = Decoders::new(decoder()).decoder();
    decode_as(&mut decoder, "good.jpg").unwrap();
    let first = decoder.id();
    let whole = support::photo(1);
    for (name, bytes, refusal) in [
        ("cut.jpg", &whole[..whole.len() / 2], DecodeError::Truncated),
        ("notes.jpg", b"no picture at all".as_slice(), DecodeError::NotAPicture),
        ("empty.jpg", b"", DecodeError::Empty),
    ] {
        match decoder.decode(&job(name, bytes)) {
            Err(Error::Decode(error)) => assert_eq!(error, refusal),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(decoder.id(), first);
}

#[test]
fn a_crash_of_any_kind_costs_its_file_only() {
    let mut decoder = Decoders::new(decoder()).decoder();
    for (name, reason) in [
        ("crash.jpg", "signal 6"),
        ("overflow.jpg", "signal 6"),
        ("panic.jpg", "exit status: 101"),
        ("babble.jpg", "a frame is too long"),
    ] {
        match harm(&mut decoder, name) {
            Harm::Crashed(how) => assert!(how.contains(reason), "{name}: {how}"),
            other => panic!("{name}: {other:?}"),
        }
        decode_as(&mut decoder, "next.jpg").unwrap_or_else(|error| panic!("after {name}: {error}"));
    }
}

#[test]
fn what_needs_too_much_memory_is_told_from_a_crash() {
    let mut decoder = impatient(Limits { megabytes: 300, ..Limits::default() });
    assert_eq!(harm(&mut decoder, "blow-up.jpg"), Harm::TooHungry(300));
    decode_as(&mut decoder, "next.jpg").unwrap();
}

#[test]
fn what_takes_too_long_is_stopped_by_the_processors_time_or_by_the_clock() {
    let mut decoder = impatient(Limits { seconds: 1, ..Limits::default() });
    assert_eq!(harm(&mut decoder, "hang.jpg"), Harm::TooSlow(3));
    decode_as(&mut decoder, "next.jpg").unwrap();
    let mut decoder = Decoders::new(Program {
        limits: Limits { seconds: 1, ..Limits::default() },
        ..crate::home::decoder()
    })
    .decoder();
    assert_eq!(harm(&mut decoder, "spin.jpg"), Harm::TooSlow(1));
    // The time of one file is not taken from the next.
    for _ in 0..3 {
        decode_as(&mut decoder, "next.jpg").unwrap();
    }
}

#[test]
fn a_worker_that_is_killed_or_stopped_from_outside_is_replaced() {
    let mut decoder = impatient(Limits::default());
    decode_as(&mut decoder, "good.jpg").unwrap();
    let first = decoder.id().unwrap();
    signal("-KILL", first);
    decode_as(&mut decoder, "good.jpg").unwrap();
    let second = decoder.id().unwrap();
    assert_ne!(first, second);
    signal("-STOP", second);
    // Larger than the pipe: not even the writing may wait for ever.
    let large = support::png(&support::noise(1500, 1500));
    assert!(large.len() > 4 << 20);
    assert!(matches!(decoder.decode(&job("large.png", &large)), Err(Error::Harmful(Harm::TooSlow(3)))));
    assert!(!Path::new(&format!("/proc/{second}")).exists(), "the stopped worker is still there");
    decoder.decode(&job("large.png", &large)).unwrap();
}

fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

#[test]
fn a_worker_can_write_no_file() {
    decode_as(&mut Decoders::new(decoder()).decoder(), "write.jpg").unwrap();
}

#[test]
fn a_worker_can_neither_talk_to_others_nor_start_programs() {
    let mut decoder = Decoders::new(decoder()).decoder();
    for name in ["connect.jpg", "start.jpg", "touch.jpg"] {
        decode_as(&mut decoder, name).unwrap();
    }
}

#[test]
fn a_worker_says_what_holds_it_back_and_what_is_not_to_be_had() {
    let whole = Decoders::new(decoder()).confinement().unwrap();
    assert_eq!((whole.holds.as_slice(), whole.missing.as_slice()), (Fence::VARIANTS, [].as_slice()));
    assert!(whole.landlock >= 6, "{whole:?}");
    for (lost, missing) in [
        ("landlock", [Fence::Files, Fence::Network, Fence::Scopes].as_slice()),
        ("seccomp", &[Fence::Calls]),
        ("limits", &[Fence::Memory, Fence::Processor]),
    ] {
        let decoders = Decoders::new(Program { arguments: vec![lost.into()], ..decoder() });
        let confinement = decoders.confinement().unwrap();
        let landlock = if lost == "landlock" { 0 } else { whole.landlock };
        let reasons: Vec<_> = missing.iter().map(|fence| fence.with("landlock", landlock)).collect();
        assert_eq!(confinement.missing, reasons);
        assert!(confinement.holds.iter().all(|fence| !missing.contains(fence)));
        assert_eq!(confinement.holds.len() + missing.len(), Fence::VARIANTS.len());
        decode_as(&mut decoders.decoder(), "good.jpg").unwrap();
    }
}

#[test]
fn a_program_that_is_no_worker_is_told_so() {
    let missing = Program::new("/nowhere/fotonovela".into(), &[]);
    let other = Program::new("/bin/echo".into(), &["this is not a greeting of any worker"]);
    let silent = Program::new("/bin/true".into(), &[]);
    for program in [missing, other, silent] {
        let error = decode_as(&mut Decoders::new(program.clone()).decoder(), "good.jpg").unwrap_err();
        assert!(matches!(error, Error::Decoder(_)), "{error:?}");
        assert!(error.to_string().contains(program.path.to_str().unwrap()), "{error}");
    }
}

#[test]
fn the_pool_serves_many_at_once_and_ends_with_its_last_handle() {
    let decoders = Decoders::new(decoder());
    let bytes = support::photo(1);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| decoders.decode(&job("good.jpg", &bytes)).unwrap());
        }
    });
    let most = std::thread::available_parallelism().unwrap().get();
    let idle = decoders.idle();
    assert!((1..=most).contains(&idle.len()), "{idle:?}");
    drop(decoders);
    assert!(idle.iter().all(|id| !Path::new(&format!("/proc/{id}")).exists()));
}

#[test]
fn harmful_files_are_set_aside_with_their_reason_until_they_change_or_are_tried_again() {
    let home = Home::with(&["a.jpg", "crash.jpg", "b.jpg", "panic.jpg"]);
    let names = ["a.jpg", "b.jpg"];
    let (open, _) = home.index(&names);
    let problems = open.problems();
    assert_eq!(problems["crash.jpg"], "decoder_crashed detail=signal 6");
    assert_eq!(problems["panic.jpg"], "decoder_crashed detail=exit status: 101");
    drop(open);

    // Started again, it leaves them alone; a change is tried.
    let open = home.open();
    open.has(&names);
    assert_eq!((open.finished(), open.problems().len()), (0, 2));
    replace(&home.path("panic.jpg"), b"no picture any more");
    wait_for("the change", || (open.problems()["panic.jpg"] == "not_a_picture").then_some(()));

    // The name is what made it harmful; what is tried again by path is looked at where it lies.
    let crash = [home.path("crash.jpg")];
    open.library.retry_problems(Some(&crash)).unwrap();
    open.idle();
    assert_eq!(open.problems()["crash.jpg"], "decoder_crashed detail=signal 6");
    open.library.retry_problems(Some(&[PathBuf::from("/etc/hostname")])).unwrap();
    open.library.retry_problems(None).unwrap();
    open.idle();
    assert_eq!(open.problems().len(), 2);
    assert_eq!(open.finished(), 0);
}

#[test]
fn files_that_a_better_decoder_can_read_come_back_when_tried_again() {
    let home = Home::new();
    for (name, side) in [("a.png", 1500), ("hungry.png", 1400)] {
        write(&home.path(name), &support::png(&support::noise(side, side)));
    }
    let starved = || {
        let limits = Limits { megabytes: 1, ..Limits::default() };
        Program { limits, ..decoder() }
    };
    let open_with = |decoder| {
        let library = Library::open(fotonovela_core::library::Options {
            decoder,
            ..options(home.data(), resources::folder())
        })
        .unwrap();
        library.start_indexing(false).unwrap();
        library
    };
    let library = open_with(starved());
    library.add_folders(&[home.photos()]).unwrap();
    library.wait_until_indexed(&fotonovela_core::task::CancelToken::default());
    assert_eq!(library.catalog().problems(None).unwrap().len(), 2);
    drop(library);

    let library = open_with(decoder());
    library.retry_problems(Some(&[home.path("hungry.png")])).unwrap();
    library.wait_until_indexed(&fotonovela_core::task::CancelToken::default());
    let left = library.catalog().problems(None).unwrap();
    assert_eq!(left.iter().map(|problem| problem.path.clone()).collect::<Vec<_>>(), [home.path("a.png")]);
    library.retry_problems(None).unwrap();
    library.wait_until_indexed(&fotonovela_core::task::CancelToken::default());
    assert_eq!(library.catalog().problems(None).unwrap(), []);
    assert_eq!(library.catalog().counts(&library.model().id()).unwrap().embedded, 2);
}

#[test]
fn without_a_decoder_the_work_stops_with_a_report_and_no_file_is_blamed() {
    let home = Home::with(&["a.jpg"]);
    let decoder = Program::new("/nowhere/fotonovela".into(), &[]);
    let options = fotonovela_core::library::Options { decoder, ..options(home.data(), resources::folder()) };
    let library = Library::open(options).unwrap();
    library.start_indexing(false).unwrap();
    library.add_folders(&[home.photos()]).unwrap();
    let trouble = wait_for("a trouble", || library.index_status().trouble);
    assert_eq!(trouble.code, ErrorCode::Invalid);
    assert!(
        trouble.reason.to_string().starts_with("decoders_missing detail=/nowhere/fotonovela"),
        "{trouble:?}"
    );
    assert_eq!(library.catalog().problems(None).unwrap(), []);
    drop(library);
    home.open().has(&["a.jpg"]);
}
