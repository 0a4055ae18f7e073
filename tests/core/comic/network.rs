//! Networks that fail, and cancelling.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use fotonovela_core::comic::order::DrawProgress;
use fotonovela_core::comic::providers::openai::{Client, Route, Timing};
use fotonovela_core::error::DrawErrorKind;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::ErrorCode;

use super::fake_service::FakeService;
use super::{ROUTES, draw_with, job, key, runtime, timing};
use crate::support::wait_for;

#[test]
fn nobody_listens() {
    // The port was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::with_timing(&format!("http://{address}/v1"), key(), timing()).unwrap();
    let outcome = draw_with(&client, &job(Route::Edits), &CancelToken::default(), |_| {});
    let error = outcome.error();
    assert_eq!(error.kind, DrawErrorKind::Offline);
    assert_eq!(error.reason.to_string(), format!("draw_unsent host={address}"));
    assert!(error.detail.as_deref().unwrap().contains("refused"), "{error:?}");
    assert_eq!(outcome.count(&DrawProgress::Sent), 0);
    assert_eq!(runtime().block_on(client.models()).unwrap_err().code(), ErrorCode::Offline);
}

#[test]
fn no_such_host() {
    // RFC 6761: `.invalid` never resolves.
    let client = Client::with_timing("https://images.invalid/v1", key(), timing()).unwrap();
    let outcome = draw_with(&client, &job(Route::Responses), &CancelToken::default(), |_| {});
    assert_eq!(outcome.error().kind, DrawErrorKind::Offline);
    assert_eq!(outcome.error().reason.to_string(), "draw_unsent host=images.invalid");
}

#[test]
fn a_server_that_speaks_no_tls() {
    let service = FakeService::start("ok");
    let client = Client::with_timing(&service.url().replace("http:", "https:"), key(), timing()).unwrap();
    let outcome = draw_with(&client, &job(Route::Edits), &CancelToken::default(), |_| {});
    assert_eq!(outcome.error().kind, DrawErrorKind::Offline);
    assert_eq!(service.requests().len(), 0);
}

#[test]
fn silence_ends_after_the_idle_time() {
    for route in ROUTES {
        for (scenario, partials) in [("stall", 1), ("stall-headers", 0)] {
            let service = FakeService::start(scenario);
            let timing = Timing { idle: Duration::from_millis(700), ..timing() };
            let client = Client::with_timing(&service.url(), key(), timing).unwrap();
            let outcome = draw_with(&client, &job(route), &CancelToken::default(), |_| {});
            let error = outcome.error();
            assert_eq!(error.kind, DrawErrorKind::Cut, "{error:?}");
            assert_eq!(error.reason.to_string(), format!("draw_idle host={} seconds=0.7", service.host()));
            assert!(outcome.took >= Duration::from_millis(700));
            assert_eq!(outcome.partials(), partials);
            assert_eq!(service.posts(), 1);
            closes(&service);
        }
    }
}

#[test]
fn cancelling_drops_the_connection() {
    for route in ROUTES {
        for scenario in ["stall", "stall-headers"] {
            let service = FakeService::start(scenario);
            let client = Client::with_timing(&service.url(), key(), timing()).unwrap();
            let cancel = CancelToken::default();
            // When the person cancels: at the preview, or when all was sent.
            let token = cancel.clone();
            let outcome = draw_with(&client, &job(route), &cancel, move |step| {
                let now = match scenario {
                    "stall" => matches!(step, DrawProgress::Partial { .. }),
                    _ => *step == DrawProgress::Sent,
                };
                if now {
                    token.cancel();
                }
            });
            assert_eq!(outcome.error().kind, DrawErrorKind::Cancelled);
            assert_eq!(service.posts(), 1);
            closes(&service);
        }
    }
}

/// Waits until the service has noticed that its reader left.
fn closes(service: &FakeService) {
    wait_for("the connection is closed", || (service.open_answers() == 0).then_some(()));
}

#[test]
fn cancelled_before_and_between() {
    let service = FakeService::start("429-always");
    let client =
        Client::with_timing(&service.url(), key(), Timing { backoff: Duration::from_secs(60), ..timing() })
            .unwrap();
    let cancel = CancelToken::default();
    let token = cancel.clone();
    let outcome = draw_with(&client, &job(Route::Edits), &cancel, move |step| {
        if matches!(step, DrawProgress::Retrying { .. }) {
            token.cancel();
        }
    });
    assert_eq!(outcome.error().kind, DrawErrorKind::Cancelled);
    assert_eq!(service.posts(), 1);
    // The token is still set: nothing is sent at all.
    let outcome = draw_with(&client, &job(Route::Edits), &cancel, |_| {});
    assert_eq!(outcome.error().kind, DrawErrorKind::Cancelled);
    assert_eq!(service.posts(), 1);
}

#[test]
fn an_upload_that_stalls_was_not_billed() {
    // Accepts and never reads: the buffers of the system fill up.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let keep = std::thread::spawn(move || -> TcpStream { listener.accept().unwrap().0 });
    let timing = Timing { idle: Duration::from_millis(500), ..timing() };
    let client = Client::with_timing(&format!("http://{address}/v1"), key(), timing).unwrap();
    let mut job = job(Route::Edits);
    for picture in &mut job.pictures {
        picture.bytes = vec![1; 40 << 20].into();
    }
    let outcome = draw_with(&client, &job, &CancelToken::default(), |_| {});
    assert_eq!(outcome.error().kind, DrawErrorKind::Offline, "{:?}", outcome.error());
    assert_eq!(outcome.error().reason.code, "draw_half_sent");
    assert_eq!(outcome.count(&DrawProgress::Sent), 0);
    drop(keep.join().unwrap());
}

#[test]
fn a_connection_that_dies_after_the_request_may_have_been_billed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        use std::io::Read as _;
        let (mut connection, _) = listener.accept().unwrap();
        connection.set_read_timeout(Some(Duration::from_millis(400))).unwrap();
        // All of the request, then nothing.
        let mut buffer = [0; 65536];
        while connection.read(&mut buffer).is_ok_and(|count| count > 0) {}
        drop(connection);
        listener.set_nonblocking(true).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        listener.accept().is_ok()
    });
    let client = Client::with_timing(&format!("http://{address}/v1"), key(), timing()).unwrap();
    let outcome = draw_with(&client, &job(Route::Responses), &CancelToken::default(), |_| {});
    assert_eq!(outcome.error().kind, DrawErrorKind::Cut, "{:?}", outcome.error());
    assert!(!server.join().unwrap(), "a paid call was repeated");
}
