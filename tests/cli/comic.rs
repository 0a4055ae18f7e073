//! `fotonovela comic`, against a service on loopback.

use std::process::Output;

use serde_json::Value;

use crate::fake_service::FakeService;
use crate::program::{Program, keys, one_object, stderr, text};
use crate::support;

const KEY: &str = "sk-test-0123456789abcdef";

fn draw(program: &Program, service: &FakeService, more: &[&str]) -> Output {
    draw_to("comic.png", program, service, more)
}

fn draw_to(out: &str, program: &Program, service: &FakeService, more: &[&str]) -> Output {
    let url = service.url();
    let fixed = ["comic", "photos/a.jpg", "photos/b.jpg", "--out", out, "--base-url", &url, "--json"];
    program.command(&[&fixed, more].concat()).env("OPENAI_API_KEY", KEY).output().unwrap()
}

fn assert_no_key(output: &Output) {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(output));
    assert!(!said.contains(KEY), "{said}");
}

#[test]
fn both_routes_draw_and_the_comic_is_kept() {
    for (route, path) in [("responses", "/v1/responses"), ("edits", "/v1/images/edits")] {
        let program = Program::with(&["a.jpg", "b.jpg"]);
        program.index();
        let service = FakeService::start("ok");
        let output = draw(&program, &service, &["--prompt", "Cola chews a mouse", "--route", route]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_no_key(&output);
        let answer = one_object(&output);
        assert_eq!(keys(&answer), ["comic_id", "estimated_cost", "model", "out", "usage"]);
        assert_eq!(answer["out"], text(&program.root().join("comic.png")));
        assert_eq!(answer["model"], "gpt-image-2.6-sunburst");
        assert!(answer["usage"]["imageOutput"].as_u64().unwrap() > 0, "{answer}");
        image::open(program.root().join("comic.png")).unwrap();
        assert_eq!(service.posts(), 1);
        let request = service.requests().into_iter().find(|request| request.method == "POST").unwrap();
        assert_eq!(request.path, path);
        assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    }
}

#[test]
fn elsewhere_than_at_openai_the_portable_route_is_taken() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let service = FakeService::start("ok");
    let output = draw(&program, &service, &["--prompt", "Cola"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(service.requests().iter().any(|request| request.path == "/v1/images/edits"));
}

#[test]
fn a_dry_run_sends_nothing_and_shows_all() {
    let program = Program::with(&["a.jpg"]);
    let turned = support::Exif { orientation: Some(6), ..support::Exif::default() };
    let large = support::jpeg(&support::scene(7, 3000, 1000));
    support::write(&program.photos().join("b.jpg"), &turned.in_jpeg(&large));
    let service = FakeService::start("ok");
    let output = draw(&program, &service, &["--prompt", "Cola", "--dry-run"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(service.requests().len(), 0);
    assert!(!program.root().join("comic.png").exists());

    let folder = program.root().join("comic.dry-run");
    assert_eq!(one_object(&output)["out"], text(&folder));
    let picture = std::fs::read(folder.join("photo-2.jpg")).unwrap();
    let decoded = image::load_from_memory(&picture).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (683, 2048), "upright and at most 2048");
    assert!(!support::markers(&picture).contains(&0xe1), "no EXIF");
    let request = std::fs::read_to_string(folder.join("request.json")).unwrap();
    assert!(!request.contains(KEY));
    assert!(request.len() < 5000, "pictures by name and size only: {request}");
    assert!(serde_json::from_str::<Value>(&request).unwrap().is_object());
}

#[test]
fn a_refused_key_is_told_without_the_key() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let service = FakeService::start("401");
    let output = draw(&program, &service, &["--prompt", "Cola"]);
    assert_eq!(output.status.code(), Some(1));
    assert_no_key(&output);
    assert_eq!(one_object(&output)["error"]["code"], "key");
    assert!(!program.root().join("comic.png").exists());
    assert_eq!(service.posts(), 1);
}

#[test]
fn plain_http_goes_to_this_machine_only() {
    let program = Program::with(&["a.jpg"]);
    let output = program.run(&[
        "comic",
        "photos/a.jpg",
        "--prompt",
        "x",
        "--out",
        "c.png",
        "--base-url",
        "http://example.com/v1",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("https"), "{}", stderr(&output));
}

#[test]
fn a_file_that_cannot_be_written_is_found_before_anything_is_sent() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let service = FakeService::start("ok");
    for (out, code) in [("nowhere/comic.png", 1), ("comic.gif", 2)] {
        let output = draw_to(out, &program, &service, &["--prompt", "Cola"]);
        assert_eq!(output.status.code(), Some(code), "{out}");
    }
    assert_eq!(service.requests().len(), 0);
}

#[test]
fn no_photo_is_written_over_and_nothing_is_sent_for_it() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    support::write(&program.photos().join("old.png"), &support::png(&support::scene(3, 60, 40)));
    std::fs::copy(program.photos().join("a.jpg"), program.photos().join("a.png")).unwrap();
    program.index();
    let link = program.root().join("link.png");
    std::os::unix::fs::symlink(program.photos().join("old.png"), &link).unwrap();
    std::fs::hard_link(program.photos().join("old.png"), program.root().join("hard.png")).unwrap();
    let before = std::fs::read(program.photos().join("old.png")).unwrap();
    let service = FakeService::start("ok");
    for out in ["photos/old.png", "photos/../photos/a.png", "link.png", "hard.png"] {
        let output = draw_to(out, &program, &service, &["--prompt", "Cola"]);
        assert_eq!(output.status.code(), Some(1), "{out}");
        assert!(stderr(&output).contains("never written over"), "{}", stderr(&output));
    }
    assert_eq!(service.requests().len(), 0);
    assert_eq!(std::fs::read(program.photos().join("old.png")).unwrap(), before);
    let new = draw_to("photos/new.png", &program, &service, &["--prompt", "Cola"]);
    assert!(new.status.success(), "a new name there is allowed: {}", stderr(&new));
    support::write(&program.root().join("comic.png"), b"no photo");
    let other = draw_to("comic.png", &program, &service, &["--prompt", "Cola"]);
    assert!(other.status.success(), "what is not a photo is replaced: {}", stderr(&other));
}

#[test]
fn what_is_written_has_the_rights_that_the_umask_leaves_and_the_library_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let service = FakeService::start("ok");
    assert!(draw(&program, &service, &["--prompt", "Cola"]).status.success());
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    // What any program gets that makes a file here.
    support::write(&program.root().join("plain"), b"");
    assert_eq!(mode(&program.root().join("comic.png")), mode(&program.root().join("plain")));
    for private in std::fs::read_dir(program.library()).unwrap().map(|entry| entry.unwrap()) {
        let name = private.file_name().into_string().unwrap();
        if name.starts_with("catalog.sqlite") || name == "comics" {
            assert_eq!(mode(&private.path()) & 0o077, 0, "{name}");
        }
    }
    let comics: Vec<_> = std::fs::read_dir(program.library().join("comics")).unwrap().flatten().collect();
    assert!(comics.iter().any(|comic| comic.path().extension().is_some_and(|ending| ending == "png")));
}

#[test]
fn a_comic_that_the_library_cannot_take_is_still_where_it_was_asked_for() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    program.index();
    // A file where the folder belongs: as on a full disk, no picture can be written there.
    support::write(&program.library().join("comics"), b"");
    let service = FakeService::start("ok");
    let output = draw(&program, &service, &["--prompt", "Cola"]);
    assert!(output.status.success(), "{}", stderr(&output));
    image::open(program.root().join("comic.png")).unwrap();
    assert_eq!(one_object(&output)["comic_id"], Value::Null);
    assert!(stderr(&output).contains("comic.png"), "{}", stderr(&output));
    assert_eq!(program.json(&["ledger"])["requests"][0]["state"], "drawn");
}

#[test]
fn the_ledger_has_a_row_before_the_first_byte_leaves_that_outlives_a_kill() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    let service = FakeService::start("stall-headers");
    let url = service.url();
    let arguments = ["comic", "photos/a.jpg", "--out", "comic.png", "--base-url", &url, "--prompt", "Cola"];
    let mut drawing = program.command(&arguments).env("OPENAI_API_KEY", KEY).spawn().unwrap();
    support::wait_for("the request", || (service.posts() == 1).then_some(()));
    drawing.kill().unwrap();
    drawing.wait().unwrap();
    let requests = program.json(&["ledger"])["requests"].take();
    assert_eq!(requests.as_array().unwrap().len(), 1, "{requests}");
    let (state, host) = (&requests[0]["state"], &requests[0]["host"]);
    assert_eq!((state.as_str(), host.as_str()), (Some("may_be_billed"), Some(service.host().as_str())));
    assert_eq!((&requests[0]["ended_at"], &requests[0]["prompt"]), (&Value::Null, &"Cola".into()));
    let output = program.run(&["ledger"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("may have been billed"));
}

#[test]
fn the_ledger_says_what_came_of_each_request() {
    let program = Program::with(&["a.jpg", "b.jpg"]);
    for (scenario, state) in [("ok", "drawn"), ("401", "not_billed"), ("eof", "may_be_billed")] {
        let service = FakeService::start(scenario);
        draw(&program, &service, &["--prompt", scenario, "--route", "responses"]);
        let newest = program.json(&["ledger"])["requests"][0].take();
        assert_eq!((&newest["prompt"], &newest["state"]), (&scenario.into(), &state.into()), "{newest}");
        assert!(newest["ended_at"].is_i64(), "{newest}");
        assert_eq!(newest["problem"].is_null(), state == "drawn", "{newest}");
        assert_eq!(newest["usage"].is_object(), state == "drawn", "{newest}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_told_as_far_as_it_is() {
    use std::os::unix::ffi::OsStrExt;

    let program = Program::with(&["a.jpg"]);
    let service = FakeService::start("ok");
    let fixed =
        ["comic", "photos/a.jpg", "--prompt", "Cola", "--dry-run", "--base-url", &service.url(), "--json"];
    let out = std::ffi::OsStr::from_bytes(b"comic\xff.png");
    let output = program.command(&fixed).env("OPENAI_API_KEY", KEY).arg("--out").arg(out).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(one_object(&output)["out"], text(&program.root().join("comic\u{fffd}.dry-run")));
}
