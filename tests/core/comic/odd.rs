//! Answers that hold the whole picture in an odd parcel: it was paid for, so it is kept.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fotonovela_core::comic::order::Drawing;
use fotonovela_core::comic::providers::openai::{Client, Route};
use fotonovela_core::error::DrawError;
use fotonovela_core::task::CancelToken;

use super::fake_service::comic_picture;
use super::{draw_with, job, key, timing};

fn picture() -> Vec<u8> {
    comic_picture(32, 48, "odd", 0)
}

fn base64() -> String {
    STANDARD.encode(picture())
}

/// Reads a whole request.
fn take(stream: &mut TcpStream) {
    let (mut request, mut chunk) = (Vec::new(), [0; 65_536]);
    let whole = loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length =
                head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            break head.len() + 4 + length.unwrap_or(0_usize);
        }
        let read = stream.read(&mut chunk).unwrap();
        request.extend_from_slice(&chunk[..read]);
    };
    let mut left = whole.saturating_sub(request.len());
    while left > 0 {
        left = left.saturating_sub(stream.read(&mut chunk).unwrap());
    }
}

/// What is drawn by a service that gives these answers, one for each request, and then closes.
fn drawn_of(route: Route, answers: Vec<Vec<u8>>) -> Result<Drawing, DrawError> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client =
        Client::with_timing(&format!("http://{}/v1", listener.local_addr().unwrap()), key(), timing());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for answer in answers {
                let mut stream = listener.accept().unwrap().0;
                take(&mut stream);
                stream.write_all(&answer).unwrap();
            }
        });
        draw_with(&client.unwrap(), &job(route), &CancelToken::default(), |_| {}).result
    })
}

/// An answer that ends with the connection.
fn answer(content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{content_type}connection: close\r\n\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

fn json(body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("content-type: application/json\r\n", body)
}

fn completed() -> String {
    let event = format!(r#"{{"type":"image_edit.completed","b64_json":"{}"}}"#, base64());
    format!("event: image_edit.completed\ndata: {event}\n\n")
}

fn responses(item: &str, more: &str) -> Vec<u8> {
    json(format!(r#"{{"id":"r1","output":[{item}]{more}}}"#))
}

fn drawing() -> String {
    format!(r#"{{"type":"image_generation_call","status":"completed","result":"{}"}}"#, base64())
}

fn assert_kept(route: Route, cases: Vec<(&str, Vec<u8>)>) {
    for (name, answer) in cases {
        match drawn_of(route, vec![answer]) {
            Ok(drawing) => assert_eq!(drawing.bytes, picture(), "{name}"),
            Err(error) => panic!("{name}: {error:?}"),
        }
    }
}

#[test]
fn whatever_the_content_type_says() {
    let whole = format!(r#"{{"data":[{{"b64_json":"{}"}}]}}"#, base64());
    assert_kept(
        Route::Edits,
        vec![
            ("JSON as a web page", answer("content-type: text/html\r\n", &whole)),
            ("JSON without a type", answer("", &whole)),
            ("JSON as events", answer("content-type: text/event-stream\r\n", &whole)),
            ("events as JSON", json(completed())),
            ("events as bytes", answer("content-type: application/octet-stream\r\n", completed())),
            ("events without a type", answer("", format!("\r\n{}", completed()))),
            ("the picture itself", answer("content-type: image/png\r\n", picture())),
        ],
    );
}

#[test]
fn whatever_fields_beside_it_say() {
    let edits = |more: &str| json(format!(r#"{{"data":[{{"b64_json":"{}"}}]{more}}}"#, base64()));
    assert_kept(
        Route::Edits,
        vec![
            ("usage with decimals", edits(r#","usage":{"input_tokens":1.5,"output_tokens":-1}"#)),
            ("usage as a list", edits(r#","usage":[1]"#)),
            ("details as a text", edits(r#","usage":{"input_tokens_details":"many"}"#)),
            ("another type", edits(r#","type":7"#)),
            ("a list of texts", json(format!(r#"{{"images":["{}"]}}"#, base64()))),
            ("one object", json(format!(r#"{{"data":{{"b64_json":"{}"}}}}"#, base64()))),
            (
                "an entry that is none before it",
                json(format!(r#"{{"data":[null,{{"b64_json":"{}"}}]}}"#, base64())),
            ),
        ],
    );
    assert_kept(
        Route::Responses,
        vec![
            (
                "an odd item before it",
                responses(&format!(r#"{{"type":"message","content":"hi"}},{}"#, drawing()), ""),
            ),
            ("an item that is a text", responses(&format!(r#""hi",{}"#, drawing()), "")),
            ("status as a number", responses(&drawing(), r#","status":3,"usage":[],"tool_usage":1"#)),
            ("one object", json(format!(r#"{{"output":{}}}"#, drawing()))),
        ],
    );
}

#[test]
fn wherever_the_answer_ends_after_it() {
    let chunk = |body: &str| format!("{:x}\r\n{body}\r\n", body.len());
    let chunked = |kind: &str, body: &str| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n");
        format!("{head}{}", chunk(body)).into_bytes()
    };
    let whole = format!(r#"{{"data":[{{"b64_json":"{}"}}]}}"#, base64());
    let too_long = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{whole}",
        whole.len() + 10
    );
    let cut = format!(r#"{{"data":[{{"b64_json":"{}","revised_pro"#, base64());
    assert_kept(
        Route::Edits,
        vec![
            ("no last chunk", chunked("application/json", &whole)),
            ("a length that is too large", too_long.into_bytes()),
            ("in the middle of the next field", json(cut)),
            ("no last blank line", chunked("text/event-stream", completed().trim_end())),
            ("no end of the line", answer("content-type: text/event-stream\r\n", completed().trim_end())),
        ],
    );
}

#[test]
fn whatever_bytes_come_between() {
    let rubbish = |event: &[u8]| {
        let body = [event, completed().as_bytes()].concat();
        answer("content-type: text/event-stream\r\n", body)
    };
    assert_kept(
        Route::Edits,
        vec![
            ("no UTF-8", rubbish(b"event: x\ndata: \xff\xfe\n\n")),
            ("half a letter", rubbish(b": \xe2\x82\n")),
            (
                "a preview that is a number",
                rubbish(b"data: {\"type\":\"image_edit.partial_image\",\"b64_json\":4}\n\n"),
            ),
            (
                "a preview that is none",
                rubbish(b"data: {\"type\":\"image_edit.partial_image\",\"b64_json\":\"!\"}\n\n"),
            ),
            ("an event of another shape", rubbish(b"data: [1]\n\ndata: \"x\"\n\ndata: null\n\n")),
        ],
    );
}

#[test]
fn a_link_to_the_same_host_is_followed_and_another_one_is_told() {
    let link = |url: &str| json(format!(r#"{{"data":[{{"url":"{url}"}}]}}"#));
    let fetched =
        drawn_of(Route::Edits, vec![link("/files/1.png"), answer("content-type: image/png\r\n", picture())]);
    assert_eq!(fetched.unwrap().bytes, picture());
    let told = drawn_of(Route::Edits, vec![link("https://elsewhere.invalid/1.png?sig=abc")]).unwrap_err();
    assert_eq!(told.reason.code, "draw_link", "{told:?}");
    assert_eq!(told.reason.params["link"].to_string(), "https://elsewhere.invalid/1.png?sig=abc");
    let inline = drawn_of(Route::Edits, vec![link(&format!("data:image/png;base64,{}", base64()))]);
    assert_eq!(inline.unwrap().bytes, picture());
}

#[test]
fn what_holds_no_picture_is_still_an_error() {
    for (body, code) in [
        (r#"{"data":[]}"#, "draw_nothing"),
        (r#"{"data":[{"b64_json":"aGVsbG8="}]}"#, "draw_picture_kind"),
        ("nothing of the kind, as plain words", "draw_unreadable"),
        ("<!doctype html><p>Sign in", "draw_web_page"),
    ] {
        let error = drawn_of(Route::Edits, vec![json(body)]).unwrap_err();
        assert_eq!(error.reason.code, code, "{body}: {error:?}");
    }
}
