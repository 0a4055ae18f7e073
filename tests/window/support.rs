//! The window as a person uses it: look, click, write, drag. Waits by looking again until a deadline, never by the
//! clock; a wait that fails tells what the window showed.

mod shots;

use std::cell::Cell;
use std::fmt::Write as _;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::screen::{Screen, Seen};
use super::stage::Stage;

/// Far longer than anything takes on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(40);
/// The tiles of the grid in its order: in the page they lie as they were put in.
const GRID: &str = "const position = (one) => Number(one.getAttribute('aria-posinset'));
    const photos = [...document.querySelectorAll('[data-testid=photo]')].sort((a, b) => position(a) - position(b));";

/// An open window. Its driver and the program end when this is dropped.
pub struct Window {
    client: Client,
    runtime: Runtime,
    driver: Driver,
    process: u32,
    log: PathBuf,
    shots: Cell<usize>,
}

/// The WebDriver of WebKitGTK, and everything that it starts.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // Its group, with the program and the processes of the web view.
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

impl Window {
    pub fn open(stage: &Stage) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let known = Screen::open().windows();
        let (driver, client) = start(stage, &runtime);
        let window = await_value("the window on the screen", || {
            Screen::open().windows().into_iter().find(|one| one.title == "Fotonovela" && !known.contains(one))
        });
        let window = Self {
            client,
            runtime,
            driver,
            process: window.process,
            log: stage.path("log"),
            shots: Cell::new(0),
        };
        window.until("the page is there", || window.shows("main"));
        window
    }

    /// Closes the window by its close button and waits until the program ended.
    pub fn close(self) {
        self.press_close();
        self.await_end();
    }

    /// The program.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Presses the close button of the window.
    pub fn press_close(&self) {
        Screen::open().close(&self.seen());
    }

    /// Clicks what ends the program, and waits until it did.
    pub fn click_to_end(self, testid: &str) {
        let css = selector(testid);
        // The driver has no answer once the window is gone.
        let _ = self.runtime.block_on(async { self.client.find(Locator::Css(&css)).await?.click().await });
        self.await_end();
    }

    /// Waits until the program ended.
    fn await_end(self) {
        let process = self.process;
        await_value("the program ends with its window", || (!is_running(process)).then_some(()));
        drop(self.driver);
    }

    /// Kills the process of the page, and waits until there is another.
    pub fn kill_page(&self) {
        let [page] = self.pages()[..] else { panic!("there is one page: {:?}", self.pages()) };
        assert!(Command::new("kill").args(["-KILL", &page.to_string()]).status().unwrap().success());
        await_value("the page has another process", || {
            self.pages().iter().find(|one| **one != page).copied()
        });
    }

    fn pages(&self) -> Vec<u32> {
        let children = Command::new("pgrep")
            .args(["--parent", &self.process.to_string(), "--full", "WebKitWebProcess"])
            .output()
            .unwrap();
        String::from_utf8(children.stdout).unwrap().lines().map(|line| line.parse().unwrap()).collect()
    }

    /// The window on the screen.
    pub fn seen(&self) -> Seen {
        let mine = Screen::open().windows().into_iter().find(|one| one.process == self.process);
        mine.expect("the window is open")
    }

    // --- Looking ---

    /// Runs JavaScript in the page.
    pub fn js<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> T {
        let Value::Array(arguments) = arguments else { panic!("arguments are an array") };
        let answer = self.runtime.block_on(self.client.execute(script, arguments));
        let answer = answer.unwrap_or_else(|error| panic!("{error}\nin {script}"));
        serde_json::from_value(answer).unwrap_or_else(|error| panic!("{error}\nin {script}"))
    }

    /// Runs JavaScript that gives a promise, and waits for it.
    pub fn promise<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> T {
        let Value::Array(arguments) = arguments else { panic!("arguments are an array") };
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (...arguments) => {{ {script} }})(...arguments).then(
                (value) => done([value ?? null, null]), (error) => done([null, String(error?.message ?? error)]));"
        );
        let answer = self.runtime.block_on(self.client.execute_async(&script, arguments)).unwrap();
        let (value, error): (Value, Option<String>) = serde_json::from_value(answer).unwrap();
        assert_eq!(error, None, "in {script}");
        serde_json::from_value(value).unwrap()
    }

    /// What a command of the shell answers, or its error.
    pub fn invoke(&self, command: &str, arguments: &Value) -> Result<Value, Value> {
        let (value, error): (Value, Value) = self.promise(
            "return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
                .then((value) => [value ?? null, null], (error) => [null, error ?? 'no reason']);",
            json!([command, arguments]),
        );
        if error.is_null() { Ok(value) } else { Err(error) }
    }

    /// How many elements with this `data-testid` there are.
    pub fn count(&self, testid: &str) -> usize {
        self.js("return document.querySelectorAll(arguments[0]).length", json!([selector(testid)]))
    }

    pub fn shows(&self, testid: &str) -> bool {
        self.js(
            "const box = document.querySelector(arguments[0])?.getBoundingClientRect();
             return box !== undefined && box.width > 0 && box.height > 0",
            json!([selector(testid)]),
        )
    }

    /// The text of the first such element; nothing while there is none.
    pub fn text(&self, testid: &str) -> String {
        self.js("return document.querySelector(arguments[0])?.innerText ?? ''", json!([selector(testid)]))
    }

    /// The texts of all such elements.
    pub fn texts(&self, testid: &str) -> Vec<String> {
        self.js(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)",
            json!([selector(testid)]),
        )
    }

    /// An attribute of all such elements that have it.
    pub fn attributes(&self, testid: &str, name: &str) -> Vec<String> {
        self.js(
            "return [...document.querySelectorAll(arguments[0])].flatMap((one) => one.getAttribute(arguments[1]) ?? [])",
            json!([selector(testid), name]),
        )
    }

    /// Sizes of the pictures that are such elements or lie in them; 0 × 0 while one is not loaded.
    pub fn pictures(&self, testid: &str) -> Vec<(u32, u32)> {
        self.js(
            "const inside = (one) => (one instanceof HTMLImageElement ? [one] : [...one.querySelectorAll('img')]);
             return [...document.querySelectorAll(arguments[0])].flatMap(inside)
                .map((img) => (img.complete ? [img.naturalWidth, img.naturalHeight] : [0, 0]))",
            json!([selector(testid)]),
        )
    }

    /// `count` pictures, all loaded.
    pub fn has_pictures(&self, testid: &str, count: usize) -> bool {
        let pictures = self.pictures(testid);
        pictures.len() == count && pictures.iter().all(|(width, height)| *width > 0 && *height > 0)
    }

    /// The photos of the grid, in its order.
    pub fn grid(&self) -> Vec<i64> {
        self.js(&format!("{GRID} return photos.map((one) => Number(one.dataset.photo))"), json!([]))
    }

    /// The photos of a query, in its order.
    pub fn layout(&self, query: &Value) -> Vec<i64> {
        self.promise(
            "const bytes = await window.__TAURI_INTERNALS__.invoke('photo_layout', { query: arguments[0] });
             const [count] = new Uint32Array(bytes, 8, 1);
             return [...new Uint32Array(bytes, 16 + 8 * count, count)]",
            json!([query]),
        )
    }

    /// The file names of the photos of the grid, in its order.
    pub fn names(&self) -> Vec<String> {
        self.js(
            &format!(
                "{GRID} return photos.map((one) => one.querySelector('.unseen').textContent.split(', ')[0])"
            ),
            json!([]),
        )
    }

    /// The photo with this file name in the grid.
    pub fn photo(&self, name: &str) -> i64 {
        let names = self.names();
        let index = names.iter().position(|one| one == name);
        self.grid()[index.unwrap_or_else(|| panic!("{name} is not in the grid: {names:?}"))]
    }

    /// Waits until the indexer has nothing left to do.
    pub fn until_indexed(&self) {
        self.until("all photos are indexed", || {
            let status = self.invoke("index_status", &json!({})).unwrap();
            status["state"] == "idle" && status["embedded"] == status["photos"]
        });
    }

    /// Looks again and again until something holds.
    pub fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            if begun.elapsed() > DEADLINE {
                self.fail(what);
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits for an element and answers its text.
    pub fn await_text(&self, testid: &str, part: &str) -> String {
        self.until(&format!("{testid} says \"{part}\""), || self.text(testid).contains(part));
        self.text(testid)
    }

    fn fail(&self, what: &str) -> ! {
        let mut message = format!("waited in vain until {what}\n");
        let seen: String = self.js("return document.body.innerText", json!([]));
        let _ = write!(message, "--- the window shows\n{seen}\n--- the program said\n");
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        message.push_str(&lines[lines.len().saturating_sub(15)..].join("\n"));
        if let Some(folder) = shots::folder() {
            self.save_shot(&folder.join("failed.png"));
        }
        panic!("{message}");
    }

    // --- Acting ---

    /// Clicks the first such element once it can be clicked.
    pub fn click(&self, testid: &str) {
        self.click_css(&format!("{}:not(:disabled)", selector(testid)));
    }

    pub fn click_css(&self, css: &str) {
        let mut last = String::new();
        let clicked = |last: &mut String| {
            let click = async { self.client.find(Locator::Css(css)).await?.click().await };
            self.runtime.block_on(click).map_err(|error| *last = error.to_string()).is_ok()
        };
        let begun = Instant::now();
        while !clicked(&mut last) {
            if begun.elapsed() > DEADLINE {
                self.fail(&format!("{css} can be clicked: {last}"));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Clicks a photo of the grid.
    pub fn click_photo(&self, id: i64) {
        self.click_css(&format!("[data-photo=\"{id}\"]"));
    }

    /// Clicks into a field and writes.
    pub fn write(&self, testid: &str, text: &str) {
        self.click(testid);
        let css = selector(testid);
        let write = async { self.client.find(Locator::Css(&css)).await?.send_keys(text).await };
        self.runtime.block_on(write).unwrap();
    }

    /// Presses keys together: all down in order, then up.
    pub fn press(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".into());
        for &value in keys {
            actions = actions.then(KeyAction::Down { value });
        }
        for &value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value });
        }
        self.runtime.block_on(self.client.perform_actions(actions)).unwrap();
    }

    /// Presses keys as the keyboard does, past the driver: `c`, `ctrl+v`.
    pub fn type_keys(&self, keys: &str) {
        let window = self.seen().id.to_string();
        let typed = Command::new("xdotool").args(["windowfocus", &window, "key", keys]).status();
        assert!(typed.expect("xdotool is installed").success());
    }

    /// The middle of an element, in pixels of the page.
    pub fn middle(&self, css: &str) -> (i16, i16) {
        self.js(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();
             return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round)",
            json!([css]),
        )
    }

    /// Drags from the middle of one element to the middle of another by the mouse.
    pub fn drag(&self, from: &str, to: &str) {
        let middle = |css| {
            let (x, y) = self.middle(css);
            (f64::from(x), f64::from(y))
        };
        let ((x, y), (to_x, to_y)) = (middle(from), middle(to));
        let go = |x: f64, y: f64, millis| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(millis)),
            x: x.round(),
            y: y.round(),
        };
        let mouse = MouseActions::new("mouse".into())
            .then(go(x, y, 0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(go(x + 8.0, y + 8.0, 50))
            .then(go(f64::midpoint(x, to_x), f64::midpoint(y, to_y), 100))
            .then(go(to_x, to_y, 100))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.runtime.block_on(self.client.perform_actions(mouse)).unwrap();
    }
}

/// Looks again and again until there is something.
pub fn await_value<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(value) = look() {
            return value;
        }
        assert!(begun.elapsed() < DEADLINE, "waited in vain until {what}");
        std::thread::sleep(PAUSE);
    }
}

fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

/// A process that ended and was not yet collected does not run.
fn is_running(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// Starts a driver on a free port, and through it the program.
fn start(stage: &Stage, runtime: &Runtime) -> (Driver, Client) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new("WebKitWebDriver");
    command
        .arg(format!("--port={port}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .env("TAURI_AUTOMATION", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true");
    let driver = Driver(stage.prepare(&mut command).spawn().expect("WebKitWebDriver is installed"));
    await_value("the driver listens", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    let capabilities = json!({
        "timeouts": { "script": 60_000 },
        "webkitgtk:browserOptions": {
            "binary": stage.launcher(),
            "args": ["--library", stage.library()],
        },
    });
    let Value::Object(capabilities) = capabilities else { unreachable!("it is an object") };
    let connected = runtime.block_on(
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}")),
    );
    let client = connected.unwrap_or_else(|error| panic!("no session: {error}\n{}", stage.log()));
    (driver, client)
}
