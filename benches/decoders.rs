//! What it costs to decode in other processes: the same work on all cores with the decoder in this process and out of
//! it, in turns, so that the ratio holds on a busy machine too.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use fotonovela_core::decoder::{DecodeOrder, Decoder, Decoders, Encoding, Job, Program, worker};
use fotonovela_core::image::thumbnail;
use fotonovela_core::inference::{Embedder, Model};
use fotonovela_core::platform::resources;
use fotonovela_core::types::ContentHash;

use crate::median;

/// Rounds of both ways.
const ROUNDS: usize = 5;

/// Prints the ratio.
pub(crate) fn run(photos: &[PathBuf]) {
    let model = Model::bundled(resources::folder());
    let decoders = Decoders::new(Program::this());
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut benches: Vec<_> = (0..cores).map(|_| (model.embedder().unwrap(), decoders.decoder())).collect();
    // Starts the workers, and reads the files once.
    time(photos, &mut benches, apart);
    let rounds: Vec<_> = (0..ROUNDS)
        .map(|_| (time(photos, &mut benches, within), time(photos, &mut benches, apart)))
        .collect();
    let seconds = |choose: fn(&(f64, f64)) -> f64| median(rounds.iter().map(choose).collect());
    let ratio = median(rounds.iter().map(|(within, apart)| apart / within).collect());
    println!(
        "decoding in this process {:.2} s, in workers {:.2} s: {:+.1} % (medians of {ROUNDS} rounds)",
        seconds(|round| round.0),
        seconds(|round| round.1),
        100.0 * (ratio - 1.0)
    );
}

type Way = fn(&[PathBuf], &AtomicUsize, &mut Embedder, &mut Decoder);

fn time(photos: &[PathBuf], benches: &mut [(Embedder, Decoder)], way: Way) -> f64 {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for (embedder, decoder) in benches {
            scope.spawn(|| way(photos, &next, embedder, decoder));
        }
    });
    started.elapsed().as_secs_f64()
}

fn read<'a>(photos: &'a [PathBuf], next: &AtomicUsize) -> Option<(&'a str, Vec<u8>)> {
    let path = photos.get(next.fetch_add(1, Ordering::Relaxed))?;
    let bytes = std::fs::read(path).unwrap();
    std::hint::black_box(ContentHash::of(&bytes));
    Some((path.to_str().unwrap(), bytes))
}

fn order(embedder: &Embedder) -> DecodeOrder {
    let encoded = Some(Encoding::Jpeg(thumbnail::QUALITY));
    DecodeOrder { side: thumbnail::SIDE, encoded, square: Some(embedder.side()), ..DecodeOrder::FACTS }
}

fn within(photos: &[PathBuf], next: &AtomicUsize, embedder: &mut Embedder, _: &mut Decoder) {
    while let Some((name, bytes)) = read(photos, next) {
        let answer = worker::make(name, &bytes, order(embedder)).unwrap();
        embedder.embed(&answer.square.unwrap()).unwrap();
    }
}

/// As the pipeline does it: the worker has the next file while the last is embedded.
fn apart(photos: &[PathBuf], next: &AtomicUsize, embedder: &mut Embedder, decoder: &mut Decoder) {
    let order = order(embedder);
    let mut sent: Option<(&str, Vec<u8>)> = None;
    loop {
        let file = read(photos, next);
        let decoded =
            sent.take().map(|(name, bytes)| decoder.finish(&Job { name, bytes: &bytes, order }).unwrap());
        if let Some((name, bytes)) = &file {
            decoder.begin(&Job { name, bytes, order }).unwrap();
        }
        let is_over = file.is_none() && decoded.is_none();
        sent = file;
        if let Some(answer) = decoded {
            embedder.embed(&answer.square.unwrap()).unwrap();
        }
        if is_over {
            return;
        }
    }
}
