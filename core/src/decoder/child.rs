//! Our side of one worker: starts it when it is needed, keeps the time, and says why it ended.

use std::io::{self, Read};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::wire::{self, Greeting, Reply, Request};
use super::{DecodeOrder, DecodeOutput, Job, Limits, Program};
use crate::error::{Error, Harm, Result};
use crate::types::Confinement;

/// How long a worker may take to say that it runs.
const START: Duration = Duration::from_secs(60);
/// How often a start is tried, and how much longer the pause gets from one to the next.
const STARTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(50);
/// Where a program's libraries are looked for, on Linux and Windows.
const LIBRARIES: [&str; 2] = ["LD_LIBRARY_PATH", "SystemRoot"];
/// A pipe takes this much before the writer must wait; the usual 64 kB would wake both sides at every turn.
#[cfg(target_os = "linux")]
const PIPE: usize = 1 << 20;

/// One worker, which decodes one file at a time. It is started with the first file and again after it died.
pub struct Decoder {
    program: Arc<Program>,
    running: Option<Running>,
}

/// Why there is no answer.
enum End {
    /// It ended or spoke nonsense; perhaps what an earlier file had left behind.
    Crashed(String),
    /// This file cannot be decoded within the limits.
    Harmful(Harm),
}

impl Decoder {
    pub(super) fn new(program: Arc<Program>) -> Self {
        Self { program, running: None }
    }

    /// Decodes a file.
    ///
    /// # Errors
    /// [`Error::Decode`] for what is not a picture, [`Error::Harmful`] for what the worker did not survive, and
    /// [`Error::Decoder`] when no worker can be started.
    pub fn decode(&mut self, job: &Job<'_>) -> Result<DecodeOutput> {
        self.begin(job)?;
        self.finish(job)
    }

    /// Sends a file. The worker decodes while the caller does something else; [`Self::finish`] must come next.
    ///
    /// # Errors
    /// [`Error::Decoder`] when no worker can be started.
    pub fn begin(&mut self, job: &Job<'_>) -> Result<()> {
        let mut running = self.take_running()?;
        running.watch.set(Some(self.program.timeout));
        let request = Request {
            name: job.name.to_owned(),
            order: job.order,
            limits: self.program.limits_for(&job.order),
        };
        if let Err(error) = wire::write(&mut running.input, &request, &[job.bytes]) {
            tracing::debug!(%error, "the decoder took no file");
        }
        self.running = Some(running);
        Ok(())
    }

    /// Waits for what comes of the file that [`Self::begin`] sent.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn finish(&mut self, job: &Job<'_>) -> Result<DecodeOutput> {
        let reply = match self.receive(&job.order) {
            Ok(reply) => reply,
            Err(End::Harmful(harm)) => return Err(harm.into()),
            Err(End::Crashed(how)) => {
                tracing::warn!(name = job.name, how, "the decoder crashed; trying once more");
                self.begin(job)?;
                self.receive(&job.order).map_err(|end| match end {
                    End::Harmful(harm) => harm,
                    End::Crashed(how) => Harm::Crashed(how),
                })?
            }
        };
        Ok(reply?)
    }

    /// What holds the worker back, by its own account, which it gives before it reads a file.
    ///
    /// # Errors
    /// [`Error::Decoder`] when no worker can be started.
    pub fn confinement(&mut self) -> Result<Confinement> {
        let running = self.take_running()?;
        Ok(self.running.insert(running).confinement.clone())
    }

    /// The process, if one runs.
    pub fn id(&self) -> Option<u32> {
        self.running.as_ref().map(|running| lock(&running.process).id())
    }

    fn take_running(&mut self) -> Result<Running> {
        self.running.take().map_or_else(|| Running::start(&self.program), Ok)
    }

    fn receive(&mut self, order: &DecodeOrder) -> std::result::Result<Reply, End> {
        let Some(mut running) = self.running.take() else { return Err(End::Crashed("it was gone".into())) };
        let reply = wire::read_reply(&mut running.output).and_then(|reply| match reply {
            Ok(answer) if !answer.fulfils(order) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "its answer is not what was ordered"))
            }
            reply => Ok(reply),
        });
        match reply {
            Ok(reply) => {
                running.watch.set(None);
                self.running = Some(running);
                Ok(reply)
            }
            Err(error) => Err(running.end(&error, &self.program, self.program.limits_for(order))),
        }
    }
}

/// A worker under way. Ends with this.
struct Running {
    process: Arc<Mutex<Child>>,
    input: ChildStdin,
    output: ChildStdout,
    errors: ChildStderr,
    watch: Watch,
    confinement: Confinement,
}

impl Running {
    /// A system that runs out of memory may end a worker that has just begun; the next one can do.
    fn start(program: &Program) -> Result<Self> {
        let started = (1..STARTS).find_map(|number| {
            Self::try_start(program)
                .inspect_err(|error| {
                    tracing::warn!(%error, "trying once more");
                    thread::sleep(PAUSE * number);
                })
                .ok()
        });
        started.map_or_else(|| Self::try_start(program), Ok)
    }

    fn try_start(program: &Program) -> Result<Self> {
        let failed =
            |reason: String| Error::Decoder(format!("{} did not start: {reason}", program.path.display()));
        let mut process = Command::new(&program.path)
            .args(&program.arguments)
            .env_clear()
            // No key of the person's reaches a worker; what finds its libraries does.
            .envs(LIBRARIES.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let (input, output, errors) =
            match (process.stdin.take(), process.stdout.take(), process.stderr.take()) {
                (Some(input), Some(output), Some(errors)) => (input, output, errors),
                _ => unreachable!("all three are pipes"),
            };
        widen(&input, &output);
        let process = Arc::new(Mutex::new(process));
        let watch = Watch::over(Arc::clone(&process));
        let confinement = Confinement::default();
        let mut running = Self { process, input, output, errors, watch, confinement };
        running.watch.set(Some(START));
        match wire::read::<Greeting>(&mut running.output, &mut Vec::new()) {
            Ok((greeting, _)) if greeting.fotonovela_decoder == Greeting::THIS => {
                running.watch.set(None);
                running.confinement = greeting.confinement;
                Ok(running)
            }
            Ok((greeting, _)) => Err(failed(format!("it is of version {}", greeting.fotonovela_decoder))),
            Err(error) => {
                let (status, said) = running.bury();
                let status = status.map_or_else(|| error.to_string(), describe);
                Err(failed(format!("{status} {}", said.trim())))
            }
        }
    }

    /// Why there is no answer of this worker.
    fn end(mut self, error: &io::Error, program: &Program, limits: Limits) -> End {
        let is_overdue = self.watch.has_bitten();
        let (status, said) = self.bury();
        if is_overdue {
            return End::Harmful(Harm::TooSlow(program.timeout.as_secs()));
        }
        if status.is_some_and(is_out_of_time) {
            return End::Harmful(Harm::TooSlow(limits.seconds));
        }
        // The words of Rust's standard library; there is no other sign.
        if said.contains("memory allocation of") {
            return End::Harmful(Harm::TooHungry(limits.megabytes));
        }
        End::Crashed(match status {
            Some(status) if error.kind() != io::ErrorKind::InvalidData => describe(status),
            _ => error.to_string(),
        })
    }

    /// Makes sure that it has ended. Returns how, and the last that it said.
    fn bury(&mut self) -> (Option<ExitStatus>, String) {
        let mut process = lock(&self.process);
        // One that ended by itself keeps its own status.
        let _ = process.kill();
        let status = process.wait().ok();
        let mut said = Vec::new();
        let _ = self.errors.read_to_end(&mut said);
        (status, String::from_utf8_lossy(&said).into_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut process = lock(&self.process);
        // It has nothing to save.
        let _ = process.kill();
        let _ = process.wait();
    }
}

/// Ends a worker that stands still. A thread of its own, since neither reading nor writing a pipe can be given a limit.
struct Watch {
    limits: Sender<Option<Duration>>,
    bitten: Arc<AtomicBool>,
}

impl Watch {
    fn over(process: Arc<Mutex<Child>>) -> Self {
        let (limits, given) = channel();
        let bitten = Arc::<AtomicBool>::default();
        let bite = Arc::clone(&bitten);
        thread::Builder::new()
            .name("decoder-watch".into())
            .spawn(move || {
                if wait_overdue(&given) {
                    bite.store(true, Ordering::Release);
                    let _ = lock(&process).kill();
                }
            })
            .expect("the system can start a thread");
        Self { limits, bitten }
    }

    /// From now on the worker has this long; `None` means that nothing is asked of it.
    fn set(&self, limit: Option<Duration>) {
        // Gone only when it has bitten.
        let _ = self.limits.send(limit);
    }

    fn has_bitten(&self) -> bool {
        self.bitten.load(Ordering::Acquire)
    }
}

/// Whether a limit passed before the next one was given.
fn wait_overdue(given: &Receiver<Option<Duration>>) -> bool {
    let mut limit = None;
    loop {
        let next = match limit {
            None => given.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(limit) => given.recv_timeout(limit),
        };
        match next {
            Ok(next) => limit = next,
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

fn lock(process: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    process.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(target_os = "linux")]
fn widen(input: &ChildStdin, output: &ChildStdout) {
    // Beyond what the system grants its users the pipe stays as it is, and is just slower.
    let _ = rustix::pipe::fcntl_setpipe_size(input, PIPE);
    let _ = rustix::pipe::fcntl_setpipe_size(output, PIPE);
}

#[cfg(not(target_os = "linux"))]
fn widen(_: &ChildStdin, _: &ChildStdout) {}

#[cfg(unix)]
fn is_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn is_out_of_time(_: ExitStatus) -> bool {
    false
}

#[cfg(unix)]
fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    status.signal().map_or_else(|| status.to_string(), |signal| format!("signal {signal}"))
}

#[cfg(not(unix))]
fn describe(status: ExitStatus) -> String {
    status.to_string()
}
