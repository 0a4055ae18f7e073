//! The decoder of the core's tests. It does what its elder brother in the app does, except for files of certain names.
#![allow(missing_docs, clippy::print_stdout, reason = "tests")]

use std::hint::black_box;

use fotonovela_core::decoder::wire::Reply;
use fotonovela_core::decoder::{DecodeOrder, worker};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

fn main() -> std::io::Result<()> {
    if let Some(call) = std::env::args().nth(1) {
        lose(&call);
    }
    worker::run_with(misbehave)
}

/// Runs on as on a kernel that does not have this call.
fn lose(call: &str) {
    let (call, error) = match call {
        "landlock" => (libc::SYS_landlock_create_ruleset, libc::EOPNOTSUPP),
        "seccomp" => (libc::SYS_seccomp, libc::ENOSYS),
        "limits" => (libc::SYS_prlimit64, libc::EPERM),
        other => panic!("{other} cannot be lost"),
    };
    // Limits can be read, which shares the call.
    let sets = |place| {
        let condition = SeccompCondition::new(place, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0);
        SeccompRule::new(vec![condition.expect("the place is valid")]).expect("there is a condition")
    };
    let rules = if call == libc::SYS_prlimit64 { vec![sets(2)] } else { Vec::new() };
    let refuse = SeccompAction::Errno(error.cast_unsigned());
    let arch = std::env::consts::ARCH.try_into().expect("tests run where there is seccomp");
    let filter = SeccompFilter::new([(call, rules)].into(), SeccompAction::Allow, refuse, arch);
    let filter: BpfProgram = filter.and_then(TryInto::try_into).expect("the filter is valid");
    seccompiler::apply_filter(&filter).expect("tests run where there is seccomp");
}

fn misbehave(name: &str, bytes: &[u8], order: DecodeOrder) -> Reply {
    let part = name.split('.').next().unwrap_or_default();
    // Only some parts are played while a file is merely looked at.
    let is_looked_at = order.encoded.is_none() && order.square.is_none();
    let part = if is_looked_at { part.strip_prefix("early-").unwrap_or_default() } else { part };
    match part {
        "crash" => std::process::abort(),
        "panic" => panic!("as asked"),
        "overflow" => drop(black_box(dive(0))),
        "babble" => println!("this is no frame"),
        "hang" => loop {
            std::thread::park();
        },
        "spin" => loop {
            black_box(0);
        },
        "blow-up" => drop(black_box((0..1 << 20).map(|_| vec![0_u8; 64 << 20]).collect::<Vec<_>>())),
        "write" => assert!(std::fs::write("written", bytes).is_err(), "a worker can write files"),
        "connect" => {
            let udp = std::net::UdpSocket::bind("127.0.0.1:0");
            let unix = std::os::unix::net::UnixStream::pair();
            assert!(udp.is_err() && unix.is_err(), "a worker can talk to others");
        }
        "start" => {
            assert!(std::process::Command::new("/bin/true").spawn().is_err(), "a worker can start programs");
            // Threads it may have.
            std::thread::spawn(|| ()).join().expect("a thread that does nothing ends well");
        }
        "touch" => {
            let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            let changed = [
                std::fs::set_permissions(".", rights),
                std::fs::rename("here", "there"),
                std::fs::remove_file("here"),
                std::fs::create_dir("there"),
            ];
            let is_refused = |made: &std::io::Result<()>| {
                made.as_ref().is_err_and(|error| error.raw_os_error() == Some(libc::EPERM))
            };
            assert!(changed.iter().all(is_refused), "a worker can change files: {changed:?}");
        }
        "look" => assert!(std::fs::read_dir("/").is_err(), "a worker can look at files"),
        _ => {}
    }
    worker::make(name, bytes, order)
}

fn dive(depth: u64) -> u64 {
    black_box([depth; 1024])[7] + if black_box(true) { dive(depth + 1) } else { 0 }
}
