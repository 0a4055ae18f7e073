//! `fotonovela store` on a real Milvus server that wants a token and shows a certificate of its owner's own authority;
//! moves that are cut off, by the end of the program and by that of the server.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use crate::authority::Authority;
use crate::program::{Program, one_object, stderr};
use crate::rows;
use crate::servers::{Kind, Server};
use crate::support;

const TOKEN: &str = "root:Milvus";

struct Milvus {
    server: Server,
    authority: Authority,
}

impl Milvus {
    fn uri(&self) -> String {
        format!("https://localhost:{}", self.server.port)
    }
}

/// The server that the tests share.
fn milvus() -> &'static Milvus {
    static MILVUS: OnceLock<Milvus> = OnceLock::new();
    MILVUS.get_or_init(|| {
        let authority = Authority::new();
        let settings = [
            "authorization_enabled=true".to_owned(),
            "tls_mode=1".to_owned(),
            format!("server_pem_path={}", authority.server().display()),
            format!("server_key_path={}", authority.key().display()),
        ];
        let server = Server::start(Kind::Standalone, &settings);
        server.watch();
        let milvus = Milvus { server, authority };
        // It listens before it answers.
        let program = Program::with(&[]);
        support::wait_within(Duration::from_secs(120), "the server's answer", || {
            let mut asked = milvus.command(&program, &["store", "status", "--store", &milvus.uri()]);
            asked.env("FOTONOVELA_STORE_TOKEN", TOKEN).output().unwrap().status.success().then_some(())
        });
        milvus
    })
}

impl Milvus {
    /// The program, trusting the authority.
    fn command(&self, program: &Program, arguments: &[&str]) -> Command {
        let mut command = program.command(arguments);
        command.env("SSL_CERT_FILE", self.authority.authority()).env_remove("SSL_CERT_DIR");
        command
    }
}

#[test]
fn an_own_authority_and_a_token_in_the_keychain_open_a_server() {
    let milvus = milvus();
    let program = Program::with(&["a.jpg", "b.jpg", "c.jpg"]);
    program.index();
    let before = program.json(&["similar", "photos/a.jpg"]);
    let uri = milvus.uri();

    // Whom nobody has told to trust it does not send the token, and says what to do.
    let asked = ["store", "status", "--store", &uri, "--json"];
    for trusted in [None, Some(Authority::new().authority())] {
        let mut command = program.command(&asked);
        command.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
        command.envs(trusted.map(|path| ("SSL_CERT_FILE", path))).env("FOTONOVELA_STORE_TOKEN", TOKEN);
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        let error = &one_object(&refused)["error"];
        assert_eq!(error["code"], "offline", "{error}");
        let told = error["message"].as_str().unwrap();
        assert!(told.contains("certificate") && told.contains("SSL_CERT_FILE"), "{told}");
    }

    let keychain = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("run it in scripts/with-screen.sh");
    let command = |arguments: &[&str]| {
        let mut command = milvus.command(&program, arguments);
        command.env("DBUS_SESSION_BUS_ADDRESS", &keychain);
        command
    };
    let refused = command(&asked).output().unwrap();
    assert_eq!(one_object(&refused)["error"]["code"], "key", "{}", stderr(&refused));
    let note = program.root().join("token");
    std::fs::write(&note, format!("{TOKEN}\n")).unwrap();
    let kept = command(&["store", "token", &uri]).stdin(File::open(&note).unwrap()).output().unwrap();
    assert!(kept.status.success(), "{}", stderr(&kept));

    let run = |arguments: &[&str]| {
        let output = command(&[arguments, &["--json"]].concat()).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        one_object(&output)
    };
    assert_eq!(run(&["store", "move", &uri])["rows"], 3);
    let state = run(&["store", "status"]);
    assert_eq!((&state["store"], &state["rows"]), (&Value::from(uri.as_str()), &3.into()), "{state}");
    let after = run(&["similar", "photos/a.jpg"]);
    assert_eq!(
        (&after["results"][0]["path"], &after["notice"]),
        (&before["results"][0]["path"], &Value::Null)
    );
    assert_eq!(run(&["store", "move", "embedded"])["rows"], 3);
    assert_eq!(run(&["store", "status"])["store"], "embedded");
}

/// A move that is under way, and the log of how far it is.
struct Move {
    child: Child,
    log: PathBuf,
}

impl Move {
    fn start(mut command: Command, log: PathBuf) -> Self {
        let log_file = File::create(&log).unwrap();
        command.env("FOTONOVELA_LOG", "fotonovela_core::vectors::server=debug").env("NO_COLOR", "1");
        Self { child: command.stdout(Stdio::piped()).stderr(log_file).spawn().unwrap(), log }
    }

    /// The revisions of the catalogue that it has reached, page by page.
    fn reached(&self) -> Vec<u32> {
        let text = self.text();
        // The last line may be cut off where the program was killed.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().filter_map(|line| line.split_once("revision=")?.1.parse().ok()).collect()
    }

    /// Waits until it has sent so many pages.
    fn wait(&mut self, pages: usize) {
        support::wait_within(Duration::from_secs(120), "pages", || {
            assert!(self.child.try_wait().unwrap().is_none(), "it is over: {}", self.text());
            (self.reached().len() >= pages).then_some(())
        });
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its exit code and its answer.
    fn end(&mut self) -> (Option<i32>, Value) {
        let answer = std::io::read_to_string(self.child.stdout.take().unwrap()).unwrap();
        let code = self.child.wait().unwrap().code();
        (code, serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer}{}", self.text())))
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

#[test]
fn a_move_that_is_killed_goes_on_where_it_was_and_takes_what_came_meanwhile() {
    const ROWS: u32 = 8000;
    let milvus = milvus();
    let program = Program::with(&[]);
    rows::add(&program, 0..ROWS);
    let begin = || {
        let mut command = milvus.command(&program, &["store", "move", &milvus.uri(), "--json"]);
        command.env("FOTONOVELA_STORE_TOKEN", TOKEN);
        Move::start(command, program.root().join("log"))
    };
    // Other moments in each run of the test.
    let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
    let mut before = 0;
    for round in 0..3 {
        let mut moving = begin();
        moving.wait(1 + (seed >> (8 * round)) as usize % 2);
        std::thread::sleep(Duration::from_millis(seed >> (8 * round + 24) & 0xFF));
        moving.kill();
        before = goes_on(&moving, before);
        assert_eq!(program.json(&["store", "status"])["store"], "embedded", "until the new store is whole");
    }
    let mut moving = begin();
    moving.wait(1);
    rows::add(&program, ROWS..ROWS + 50);
    let (code, answer) = moving.end();
    let all = ROWS + 50;
    assert_eq!((code, &answer["rows"], &answer["expected"]), (Some(0), &all.into(), &all.into()), "{answer}");
    goes_on(&moving, before);
}

/// Whether the first page was one that an earlier run had not reached. Answers how far it is.
fn goes_on(moving: &Move, before: u32) -> u32 {
    let reached = moving.reached();
    assert!(reached.is_sorted() && reached[0] > before, "{reached:?} after {before}");
    *reached.last().unwrap()
}

#[test]
fn a_move_whose_server_is_killed_fails_and_goes_on_when_it_is_back() {
    const ROWS: u32 = 2000;
    let program = Program::with(&[]);
    rows::add(&program, 0..ROWS);
    let mut server = Server::start(Kind::Lite, &[]);
    let uri = server.url();
    let begin =
        || Move::start(program.command(&["store", "move", &uri, "--json"]), program.root().join("log"));
    let mut moving = begin();
    moving.wait(1);
    server.kill();
    let (code, answer) = moving.end();
    assert_eq!((code, &answer["error"]["code"]), (Some(1), &"offline".into()), "{answer}");
    assert_eq!(program.json(&["store", "status"])["store"], "embedded");

    let before = goes_on(&moving, 0);
    server.kill_and_restart();
    let mut again = begin();
    let (code, answer) = again.end();
    assert_eq!((code, &answer["rows"]), (Some(0), &ROWS.into()), "{answer}");
    goes_on(&again, before);
    assert_eq!(program.json(&["store", "status"])["store"], uri.as_str());
}
