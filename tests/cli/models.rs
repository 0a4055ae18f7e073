//! `fotonovela models`: a list, a model that is added, taken into use and removed, and packs that do not work.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Program, stderr};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

fn copy(name: &str, to: &Path) -> PathBuf {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(fixture(name)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    to.to_owned()
}

fn ids(answer: &Value) -> Vec<(&str, bool)> {
    let models = answer["models"].as_array().unwrap().iter();
    models.map(|model| (model["id"].as_str().unwrap(), model["in_use"].as_bool().unwrap())).collect()
}

#[test]
fn a_model_is_added_taken_into_use_and_removed() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    program.index();
    let default = ("efficientnet-lite0-lite2@1", true);
    let listed = program.json(&["models", "list"]);
    assert_eq!(ids(&listed), [default, ("efficientnet-lite0@1", false)]);
    assert_eq!(listed["models"][0]["photos"], 2);
    assert_eq!(listed["models"][0]["license"], "Apache-2.0");
    assert!(listed["models"][0]["bytes"].as_u64().unwrap() > 5_000_000);

    let folder = copy("mean-colour", &program.root().join("pack"));
    let folder = folder.to_str().unwrap();
    assert_eq!(ids(&program.json(&["models", "add", folder])).len(), 3);
    // The pack is a copy.
    std::fs::remove_dir_all(folder).unwrap();
    let used = program.json(&["models", "use", "mean-colour@1"]);
    assert_eq!(ids(&used)[0], ("efficientnet-lite0-lite2@1", false));
    assert_eq!(ids(&used)[2], ("mean-colour@1", true));
    assert_eq!(program.json(&["similar", "photos/a.jpg"])["results"].as_array().unwrap().len(), 2);

    let in_use = program.run(&["models", "remove", "mean-colour@1"]);
    assert_eq!(in_use.status.code(), Some(1));
    assert!(stderr(&in_use).contains("in use"), "{}", stderr(&in_use));
    let back = program.json(&["models", "use", "efficientnet-lite0-lite2@1"]);
    assert_eq!(ids(&back)[0], default, "its vectors were kept");
    assert_eq!(ids(&program.json(&["models", "remove", "mean-colour@1"])).len(), 2);
    let gone = program.run(&["models", "use", "mean-colour@1"]);
    assert!(stderr(&gone).contains("mean-colour@1"), "{}", stderr(&gone));
    let bundled = program.run(&["models", "remove", "efficientnet-lite0@1"]);
    assert!(stderr(&bundled).contains("comes with"), "{}", stderr(&bundled));
}

/// What is wrong with a pack, how its text comes to be so, and what is said of it.
type Broken<'a> = (&'a str, &'a dyn Fn(&str) -> String, &'a str);

#[test]
fn a_pack_that_does_not_work_is_refused_with_the_reason_and_nothing_is_left() {
    let program = Program::with(&[]);
    let folder = program.root().join("pack");
    let toml = folder.join("model.toml");
    let cases: [Broken<'_>; 6] = [
        ("checksum", &|text| text.replacen("sha256 = \"", "sha256 = \"0", 1), "checksum"),
        ("output", &|text| text.replace("output = \"", "output = \"no_"), "no output no_"),
        ("dimension", &|text| text.replace("dimension = 3", "dimension = 4"), "4"),
        ("field", &|text| text.replace("side =", "sise ="), "sise"),
        ("file", &|text| text.replacen("file = \"", "file = \"../pack/", 1), "beside its model.toml"),
        ("missing", &|text| text.replacen(".onnx", ".onyx", 1), ".onyx"),
    ];
    for (name, spoil, expected) in cases {
        copy("mean-colour", &folder);
        let text = std::fs::read_to_string(&toml).unwrap();
        let spoilt = spoil(&text);
        assert_ne!(text, spoilt, "{name}");
        std::fs::write(&toml, spoilt).unwrap();
        let refused = program.run(&["models", "add", folder.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(1), "{name}");
        assert!(stderr(&refused).contains(expected), "{name}: {}", stderr(&refused));
        assert_eq!(ids(&program.json(&["models", "list"])).len(), 2, "{name}");
    }
    assert_eq!(program.run(&["models", "add", program.root().to_str().unwrap()]).status.code(), Some(1));
}

#[test]
fn photos_like_several_and_unlike_others() {
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
    program.index();
    let found = program.json(&["similar", "photos/a.jpg", "--also", "photos/b.jpg", "--not", "photos/c.jpg"]);
    let names: Vec<_> = found["results"].as_array().unwrap().iter().map(|found| &found["path"]).collect();
    assert_eq!(names.len(), 4);
    let ends = |at: usize, name: &str| names[at].as_str().unwrap().ends_with(name);
    assert!((ends(0, "a.jpg") && ends(1, "b.jpg")) || (ends(0, "b.jpg") && ends(1, "a.jpg")), "{names:?}");
    assert!(ends(3, "c.jpg"), "{names:?}");
    let unknown = program.run(&["similar", "photos/a.jpg", "--not", "nowhere.jpg"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("nowhere.jpg"), "{}", stderr(&unknown));
}
