//! A web server on this machine that counts who comes: the page must not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// Answers everybody, from every origin, with a picture. It stops when this is dropped.
pub struct Site {
    address: SocketAddr,
    visits: Arc<AtomicUsize>,
    closed: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (visits, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, ends) = (Arc::clone(&visits), Arc::clone(&closed));
        let thread = std::thread::spawn(move || {
            for visitor in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                if let Ok(visitor) = visitor {
                    // One that leaves early was counted all the same.
                    let _ = answer(visitor);
                }
            }
        });
        Self { address, visits, closed, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/picture.png", self.address)
    }

    /// Connections so far.
    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    /// What a visitor whom nothing holds back gets.
    pub fn visit(&self) -> String {
        let mut visitor = TcpStream::connect(self.address).unwrap();
        visitor.write_all(b"GET /picture.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        visitor.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn answer(mut visitor: TcpStream) -> std::io::Result<()> {
    let mut request = [0; 2048];
    let _ = visitor.read(&mut request)?;
    let picture = super::fake_service::comic_picture(8, 8, "site", 0);
    write!(
        visitor,
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: image/png\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        picture.len()
    )?;
    visitor.write_all(&picture)
}

impl Drop for Site {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        // Wakes the thread up, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
