//! Real servers on loopback, which end with the test process.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::support;
pub(crate) use crate::support::python::{cache, python};

/// A server has to start on a machine where everything else is tested too.
pub(crate) const START: Duration = Duration::from_secs(120);

pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running server.
pub(crate) struct Server {
    pub(crate) port: u16,
    child: Child,
    folder: TempDir,
    settings: Vec<String>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Milvus Lite 3.2.
    Lite,
    /// The standalone server, 2.3.5.
    Standalone,
}

impl Server {
    pub(crate) fn start(kind: Kind, settings: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let child = launch(kind, folder.path(), port, settings);
        Self { port, child, folder, settings: settings.to_vec(), kind }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Kill -9, and start over the same data.
    pub(crate) fn kill_and_restart(&mut self) {
        self.kill();
        self.child = launch(self.kind, self.folder.path(), self.port, &self.settings);
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Has it ended by a watchdog that waits for the end of this process: statics are never dropped.
    pub(crate) fn watch(&self) {
        let watch = "cat >/dev/null; kill -9 \"$0\"; rm -rf \"$1\"";
        #[expect(clippy::zombie_processes, reason = "it outlives this process")]
        let mut watchdog = Command::new("sh")
            .args(["-c", watch, &self.child.id().to_string()])
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        std::mem::forget(watchdog.stdin.take());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One after the other: the standalone server looks for free ports before it takes them.
static STARTING: Mutex<()> = Mutex::new(());

fn launch(kind: Kind, folder: &Path, port: u16, settings: &[String]) -> Child {
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = match kind {
        Kind::Lite => {
            let mut command = Command::new(python("milvus-lite"));
            command
                .args(["server", "--host", "127.0.0.1", "--port", &port.to_string(), "--data-dir"])
                .arg(folder);
            command
        }
        Kind::Standalone => {
            let package = cache().join("milvus-2.3.5");
            assert!(package.join("done").exists(), "run `make test`, which fetches the Milvus server");
            let mut command = Command::new(python("python"));
            command
                .args(["-c", include_str!("milvus_server.py")])
                .arg(package)
                .arg(folder)
                .arg(port.to_string())
                .args(settings);
            command
        }
    };
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    support::wait_within(START, "the server's port", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
    child
}

/// A server that all tests of a kind share.
pub(crate) fn shared(kind: Kind, prepare: fn(&mut Server)) -> &'static Server {
    static LITE: OnceLock<Server> = OnceLock::new();
    static STANDALONE: OnceLock<Server> = OnceLock::new();
    let (slot, settings) = match kind {
        Kind::Lite => (&LITE, vec![]),
        Kind::Standalone => (&STANDALONE, vec!["authorization_enabled=true".to_owned()]),
    };
    slot.get_or_init(|| {
        let mut server = Server::start(kind, &settings);
        prepare(&mut server);
        server.watch();
        server
    })
}
