//! The decoder of the core's tests. It does what its elder brother in the app does, except for files of certain names.
#![allow(missing_docs, clippy::print_stdout, reason = "tests")]

use std::hint::black_box;

use fotonovela_core::decoder::wire::Reply;
use fotonovela_core::decoder::{DecodeOrder, worker};

fn main() -> std::io::Result<()> {
    worker::run_with(misbehave)
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
        "look" => assert!(std::fs::read_dir("/").is_err(), "a worker can look at files"),
        _ => {}
    }
    worker::make(name, bytes, order)
}

fn dive(depth: u64) -> u64 {
    black_box([depth; 1024])[7] + if black_box(true) { dive(depth + 1) } else { 0 }
}
