//! Passes and models: each photo gets what is wanted, in order, and of two models the complete one answers.

use std::path::Path;

use fotonovela_core::error::Error;
use fotonovela_core::inference::{Embedding, ModelPack, Runtime, onnx::Embedder};
use fotonovela_core::pixels::Rgb;
use fotonovela_core::platform::resources;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{IndexStatus, Pass, PassStatus, PhotoQuery, Scope, SimilarQuery};

use crate::home::{Home, Open};
use crate::support::wait_for;

const BUNDLED: &str = "efficientnet-lite0-lite2@1";
const NAMES: [&str; 3] = ["a.jpg", "b.jpg", "c.jpg"];

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/models").join(name)
}

/// Puts a pack of the tests into the data folder.
pub(crate) fn install(home: &Home, name: &str) {
    let to = home.data().join("models").join(name);
    std::fs::create_dir_all(&to).unwrap();
    for entry in std::fs::read_dir(fixture(name)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn done(status: &IndexStatus) -> Vec<(String, u32)> {
    status.passes.iter().map(|pass| (pass.name.clone(), pass.done)).collect()
}

fn of(expected: &[(&str, u32)]) -> Vec<(String, u32)> {
    expected.iter().map(|(name, done)| ((*name).to_owned(), *done)).collect()
}

fn vectors(open: &Open, model: &str) -> u32 {
    open.library.catalog().pass_count(&Pass::Vector(model.to_owned())).unwrap().done
}

#[test]
fn a_pack_tells_its_vector_and_its_further_outputs() {
    let pack = ModelPack::read(&fixture("quarters")).unwrap();
    let mut embedder = Embedder::load(&Runtime::load(&resources::folder()).unwrap(), &pack).unwrap();
    let red = Rgb { width: 16, height: 16, data: [255, 0, 0].repeat(256) };
    let Embedding { vector, extra } = embedder.run(&red).unwrap();
    // Four quarters of red, none of green and blue; a unit vector.
    assert_eq!(vector, [[0.5; 4], [0.0; 4], [0.0; 4]].concat());
    assert_eq!(extra["logits"], [1.0, 0.0, 0.0]);
}

#[test]
fn a_second_model_is_prepared_beside_the_first_and_answers_when_it_is_complete() {
    let home = Home::with(&NAMES);
    let (open, shown) = home.index(&NAMES);
    assert_eq!(done(&open.library.index_status()), of(&[("thumbnail", 3), ("photo", 3), ("regions", 0)]));
    install(&home, "mean-colour");
    assert_eq!(open.library.models(), [BUNDLED, "efficientnet-lite0@1", "mean-colour@1"]);

    // Paused, it does not get on, and the first one answers.
    open.library.set_pass_paused("photo:mean-colour@1", true).unwrap();
    open.library.choose_model("mean-colour@1").unwrap();
    home.put("d.jpg", 4);
    open.has(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    assert_eq!(open.library.model_id(), BUNDLED);
    assert_eq!(vectors(&open, "mean-colour@1"), 0);

    open.library.set_pass_paused("photo:mean-colour@1", false).unwrap();
    wait_for("the other model to answer", || (open.library.model_id() == "mean-colour@1").then_some(()));
    assert_eq!((vectors(&open, "mean-colour@1"), vectors(&open, BUNDLED)), (4, 4));
    let query = SimilarQuery::Photo { id: shown["a.jpg"].id };
    let found = open.library.similar(&PhotoQuery::like(query, Scope::default(), 9)).unwrap();
    assert_eq!((found.photos.len(), found.photos[0].id), (4, shown["a.jpg"].id));
    drop(open);

    let open = home.open();
    assert_eq!((open.library.model_id().as_str(), open.library.dimension()), ("mean-colour@1", 3));
    home.put("e.jpg", 5);
    wait_for("the new photo", || (vectors(&open, "mean-colour@1") == 5).then_some(()));
    assert_eq!(vectors(&open, BUNDLED), 4, "the model that is not used any more costs nothing");
}

#[test]
fn a_query_picture_of_the_model_before_is_embedded_again() {
    let home = Home::with(&NAMES);
    let (open, shown) = home.index(&NAMES);
    let bytes = std::fs::read(home.path("b.jpg")).unwrap();
    let image = open.library.add_query_image(&bytes, "b.jpg").unwrap();
    install(&home, "quarters");
    open.library.choose_model("quarters@1").unwrap();
    wait_for("the other model to answer", || (open.library.model_id() == "quarters@1").then_some(()));
    let query = SimilarQuery::Image { token: image.token };
    let found = open.library.similar(&PhotoQuery::like(query, Scope::default(), 3)).unwrap();
    assert_eq!((found.photos.len(), found.photos[0].id), (3, shown["b.jpg"].id));
}

#[test]
fn a_paused_pass_stays_paused_and_does_not_hold_up_the_others() {
    let home = Home::with(&NAMES);
    let open = home.open();
    open.library.set_pass_paused("photo", true).unwrap();
    open.library.add_folders(&[home.photos()]).unwrap();
    let thumbnails = |open: &Open| open.library.index_status().thumbnails;
    wait_for("thumbnails", || (thumbnails(&open) == 3).then_some(()));
    open.library.wait_until_indexed(&CancelToken::default());
    let status = open.library.index_status();
    assert_eq!(done(&status), of(&[("thumbnail", 3), ("photo", 0), ("regions", 0)]));
    assert_eq!(status.passes[1], PassStatus { name: "photo".into(), done: 0, failed: 0, paused: true });
    drop(open);

    let open = home.open();
    open.library.wait_until_indexed(&CancelToken::default());
    assert_eq!(vectors(&open, BUNDLED), 0);
    open.library.set_pass_paused("photo", false).unwrap();
    wait_for("vectors", || (vectors(&open, BUNDLED) == 3).then_some(()));
}

#[test]
fn the_last_pass_that_is_wanted_must_be_one() {
    let home = Home::with(&NAMES);
    let library =
        fotonovela_core::library::Library::open(crate::home::options(home.data(), resources::folder()))
            .unwrap();
    match library.start_indexing_until(Some("phto".into()), false) {
        Err(Error::Invalid(reason)) => {
            assert_eq!(reason.params["known"], "thumbnail, photo, regions".into(), "{reason}")
        }
        other => panic!("{other:?}"),
    }
    library.start_indexing_until(Some("thumbnail".into()), false).unwrap();
    library.add_folders(&[home.photos()]).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    assert_eq!(done(&library.index_status()), of(&[("thumbnail", 3)]));
}
