//! Milvus Lite: a server in Python that the person installed, run by the app on loopback for as long as it needs it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::error::{Error, Result, StoreFault};

/// Names the program where it is not in the PATH.
const PROGRAM: &str = "FOTONOVELA_MILVUS_LITE";

/// Python starts slowly on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server, and ends it when nobody holds the other end of its stdin: after a kill of the app too.
const KEEPER: &str = r#""$@" & server=$!; cat >/dev/null; kill "$server"; wait "$server""#;

/// A server that is there while this is.
pub(super) struct Lite {
    url: String,
    /// None where another Fotonovela runs it.
    keeper: Option<(Child, Option<ChildStdin>)>,
    note: PathBuf,
    /// What it serves instead of a folder with nothing in it. Removed after its end.
    instead: Option<TempDir>,
}

impl Lite {
    /// Asks for what lies in `folder`. Where nothing does, that stays so: another folder is served meanwhile.
    pub(super) async fn look(folder: &Path) -> Result<Self> {
        if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Self::start(folder).await;
        }
        let instead = tempfile::tempdir().map_err(|error| Error::write(std::env::temp_dir(), error))?;
        let mut server = Self::start(&instead.path().join("lite")).await?;
        server.instead = Some(instead);
        Ok(server)
    }

    /// Whether nothing was there to be served.
    pub(super) fn is_instead(&self) -> bool {
        self.instead.is_some()
    }

    /// Starts the server over `folder`, which is made for it, or takes the one that another Fotonovela runs.
    pub(super) async fn start(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))?;
        let note = folder.with_extension("port");
        if let Some(port) = std::fs::read_to_string(&note).ok().and_then(|text| text.trim().parse().ok())
            && answers(port).await
        {
            return Ok(Self { url: url(port), keeper: None, note, instead: None });
        }
        let store = format!("milvus-lite:{}", folder.display());
        let away = |reason: String| StoreFault::Away { store: store.clone(), reason };
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
        let port = free.map_err(|error| away(error.to_string()))?.port();
        let program = std::env::var_os(PROGRAM).unwrap_or_else(|| "milvus-lite".into());
        let mut child = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(&program)
            .args(["server", "--host", "127.0.0.1", "--port", &port.to_string(), "--data-dir"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| away(error.to_string()))?;
        let stdin = child.stdin.take();
        let server = Self { url: url(port), keeper: Some((child, stdin)), note, instead: None };
        let started = Instant::now();
        while !answers(port).await {
            if started.elapsed() > START_PATIENCE || !is_installed(&program) {
                return Err(StoreFault::NotStarted(store).into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::fs::write(&server.note, port.to_string()).map_err(|error| Error::write(&server.note, error))?;
        Ok(server)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Lite {
    fn drop(&mut self) {
        if let Some((mut keeper, stdin)) = self.keeper.take() {
            // What it holds is in its log: the next start finds it. Nothing more can be done about failures here.
            let _ = std::fs::remove_file(&self.note);
            drop(stdin);
            let _ = keeper.wait();
        }
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

async fn answers(port: u16) -> bool {
    TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.is_ok()
}

fn is_installed(program: &std::ffi::OsStr) -> bool {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return path.exists();
    }
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).exists()))
}
