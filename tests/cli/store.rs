//! `fotonovela store` and `--store`, on Milvus Lite, which the program starts by itself.

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::program::{Program, one_object, stderr};
use crate::support;

const NAMES: [&str; 4] = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"];

fn command(program: &Program, arguments: &[&str]) -> Command {
    let mut command = program.command(arguments);
    command.env("FOTONOVELA_MILVUS_LITE", support::python::python("milvus-lite"));
    command
}

fn answer(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    one_object(output)
}

fn lite_uri(program: &Program) -> String {
    format!("milvus-lite:{}", program.root().join("lite").display())
}

fn paths(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|result| result["path"].as_str().unwrap()).collect()
}

/// Servers that run over a folder of this test.
fn servers(program: &Program) -> usize {
    let folder = program.root().join("lite").display().to_string();
    let output = Command::new("ps").args(["-eo", "args"]).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    lines.lines().filter(|line| line.contains(&folder) && !line.starts_with("sh ")).count()
}

#[test]
fn moves_to_milvus_lite_and_back_and_loses_nothing_on_the_way() {
    let program = Program::with(&NAMES);
    program.index();
    let uri = lite_uri(&program);
    let run = |arguments: &[&str]| {
        let output = command(&program, &[arguments, &["--json"]].concat()).output().unwrap();
        answer(&output)
    };
    let before = run(&["similar", "photos/c.jpg"]);
    let moved = run(&["store", "move", &uri]);
    assert_eq!((&moved["rows"], &moved["ok"]), (&4.into(), &true.into()), "{moved}");

    let state = run(&["store", "status"]);
    assert_eq!(
        (&state["store"], &state["rows"], &state["expected"]),
        (&uri.as_str().into(), &4.into(), &4.into())
    );
    assert!(state["version"].as_str().unwrap().starts_with("milvus "), "{state}");
    let after = run(&["similar", "photos/c.jpg"]);
    assert_eq!(paths(&after), paths(&before));
    assert_eq!(after["notice"], Value::Null);

    // A photo that comes later goes there too, also when it is indexed by another run.
    support::write(&program.photos().join("e.jpg"), &support::photo(50));
    run(&["index", program.photos().to_str().unwrap()]);
    assert_eq!(run(&["store", "status"])["rows"], 5);
    assert_eq!(run(&["store", "verify"])["ok"], true);
    assert_eq!(run(&["store", "rebuild"])["rows"], 5);

    assert_eq!(run(&["store", "move", "embedded"])["rows"], 5);
    assert_eq!(run(&["store", "status"])["store"], "embedded");
    support::wait_for("the servers' end", || (servers(&program) == 0).then_some(()));
}

#[test]
fn to_ask_a_store_that_is_not_there_makes_nothing() {
    let program = Program::with(&NAMES);
    program.index();
    for place in ["elsewhere/lite", "empty"] {
        let folder = program.root().join(place);
        if place == "empty" {
            std::fs::create_dir(&folder).unwrap();
        }
        let uri = format!("milvus-lite:{}", folder.display());
        let ask =
            |what: &str| command(&program, &["store", what, "--store", &uri, "--json"]).output().unwrap();
        let state = answer(&ask("status"));
        assert_eq!((&state["rows"], &state["expected"]), (&0.into(), &4.into()));
        assert!(state["version"].as_str().unwrap().starts_with("milvus "), "{state}");
        let verified = ask("verify");
        assert_eq!(verified.status.code(), Some(1), "{}", stderr(&verified));
        assert_eq!(one_object(&verified)["rows"], 0);
        let is_bare = |folder: &std::path::Path| folder.read_dir().is_ok_and(|mut all| all.next().is_none());
        assert_eq!(folder.exists(), place == "empty");
        assert!(place != "empty" || is_bare(&folder), "something lies in {place}");
        assert!(!folder.with_extension("port").exists());
        assert_eq!(folder.parent().unwrap().exists(), place == "empty");
        let moved = answer(&command(&program, &["store", "move", &uri, "--json"]).output().unwrap());
        assert_eq!((&moved["rows"], &moved["ok"]), (&4.into(), &true.into()));
        assert_eq!(answer(&ask("verify"))["ok"], true);
        answer(&command(&program, &["store", "move", "embedded", "--json"]).output().unwrap());
    }
}

#[test]
fn a_move_that_was_killed_goes_on_and_leaves_the_old_store_in_use() {
    let program = Program::with(&NAMES);
    program.index();
    let uri = lite_uri(&program);
    let mut child = command(&program, &["store", "move", &uri]).stdout(Stdio::null()).spawn().unwrap();
    support::wait_for("the server's folder", || program.root().join("lite").exists().then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(program.json(&["store", "status"])["store"], "embedded");
    support::wait_for("the end of the server without its program", || (servers(&program) == 0).then_some(()));
    let moved = answer(&command(&program, &["store", "move", &uri, "--json"]).output().unwrap());
    assert_eq!((&moved["rows"], &moved["ok"]), (&4.into(), &true.into()));
}

#[test]
fn a_store_that_is_away_is_told_and_the_embedded_one_answers() {
    let program = Program::with(&NAMES);
    program.index();
    let expected = program.json(&["similar", "photos/a.jpg"]);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for uri in [
        format!("http://127.0.0.1:{gone}"),
        format!("qdrant+http://127.0.0.1:{gone}"),
        format!("http://127.0.0.1:{port}"),
    ] {
        let answer = program.json(&["similar", "photos/a.jpg", "--store", &uri]);
        assert_eq!(paths(&answer), paths(&expected));
        let notice = answer["notice"].as_str().unwrap();
        assert!(notice.contains("does not answer") && notice.contains("127.0.0.1"), "{notice}");

        let moved = program.run(&["store", "move", &uri, "--json"]);
        assert_eq!(moved.status.code(), Some(1));
        assert_eq!(one_object(&moved)["error"]["code"], "offline", "{}", stderr(&moved));
        assert_eq!(program.json(&["store", "status"])["store"], "embedded");
    }
}

#[test]
fn addresses_that_are_none_are_refused() {
    let program = Program::with(&[]);
    for uri in ["somewhere", "https://user:secret@host", "milvus-lite:relative"] {
        let refused = program.run(&["store", "status", "--store", uri]);
        assert_ne!(refused.status.code(), Some(0));
        let told = stderr(&refused);
        assert!(told.contains("embedded") || told.contains("whole path"), "{told}");
        assert!(!told.contains("secret"), "{told}");
    }
}

#[test]
fn without_milvus_lite_it_is_said_how_to_get_it() {
    let program = Program::with(&["a.jpg"]);
    program.index();
    let output = program
        .command(&["similar", "photos/a.jpg", "--store", &lite_uri(&program), "--json"])
        .env("FOTONOVELA_MILVUS_LITE", "/nonexistent/milvus-lite")
        .output()
        .unwrap();
    let notice = answer(&output)["notice"].as_str().unwrap().to_owned();
    assert!(notice.contains("pip install milvus-lite"), "{notice}");
}
