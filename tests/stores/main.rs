//! Vector stores against one another and against what goes wrong with servers. The servers are real ones from PyPI
//! (scripts/test-stores.sh lays them out), but for Qdrant: that is an own server behind its client's wire format, and a
//! real one where `QDRANT_URL` names it.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod authority;
mod embedded;
mod faults;
mod live;
mod milvus;
mod qdrant;
mod qdrant_server;
mod servers;
mod suite;
#[path = "../support/mod.rs"]
mod support;
mod tls;

use std::path::Path;
use std::sync::Arc;

use fotonovela_core::platform::keychain::{KeyRing, Secret};
use fotonovela_core::types::{FolderId, PhotoId, PointId};
use fotonovela_core::vectors::server::Place;
use fotonovela_core::vectors::{Collection, Point, PointKind};

const DIMENSION: usize = 64;

fn collection(kind: PointKind) -> Collection {
    Collection { model: "test@1".into(), dimension: DIMENSION, kind }
}

/// A collection of photos of this name, with the mark in `folder`.
fn place(folder: &Path, name: &str, token: Option<&str>) -> Place {
    place_of(PointKind::Photos, folder, name, token)
}

fn place_of(kind: PointKind, folder: &Path, name: &str, token: Option<&str>) -> Place {
    let secret = token.and_then(Secret::new);
    Place {
        name: name.into(),
        collection: collection(kind),
        token: secret.map(|secret| (Arc::new(KeyRing::new(Some(secret))), "test".into())),
        mark: folder.join(format!("{name}.reached")),
    }
}

/// Numbers from -0.5 to 0.5, the same for the same seed.
fn noise(seed: i64) -> Vec<f32> {
    let mut state = seed.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = || {
        // xorshift64 (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u32 << 24) as f32 - 0.5
    };
    std::iter::repeat_with(next).skip(2).take(DIMENSION).collect()
}

/// A unit vector around one of twenty centres, so that many are alike.
fn vector(seed: i64) -> Vec<f32> {
    let values: Vec<f32> = noise(seed.rem_euclid(20) - 100)
        .iter()
        .zip(noise(seed))
        .map(|(centre, own)| centre + 0.6 * own)
        .collect();
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.iter().map(|value| value / norm).collect()
}

fn point(id: i64) -> Point {
    let path = format!("/photos/año {id}/“it's” \\ \"{id}\" 写真 🐕.jpg");
    let (folder, taken_at) = (FolderId(id % 7), id * 1000 - 5000);
    Point { id: PointId(id), photo: PhotoId(id), vector: vector(id), path, folder, taken_at }
}

fn points(ids: impl IntoIterator<Item = i64>) -> Vec<Point> {
    ids.into_iter().map(point).collect()
}
