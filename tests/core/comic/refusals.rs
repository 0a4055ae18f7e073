//! Every way in which the service answers without a picture: the kind, the words, and that it was asked only once.

use fotonovela_core::comic::order::DrawProgress;
use fotonovela_core::comic::providers::openai::{Client, Route};
use fotonovela_core::error::DrawErrorKind;
use fotonovela_core::types::ErrorCode;

use super::fake_service::FakeService;
use super::{ROUTES, draw, draw_with, job, key, runtime, timing};

use DrawErrorKind::{Cut, Invalid, Key, Refused, Service};

/// Scenario, kinds on `responses` and on `images/edits`, words of the message.
type Row = (&'static str, DrawErrorKind, DrawErrorKind, &'static [&'static str]);

const ROWS: &[Row] = &[
    ("401", Key, Key, &["refused the key"]),
    ("403-organization", Key, Key, &["organisation must be verified"]),
    ("403", DrawErrorKind::Route, Key, &["insufficient permissions"]),
    ("404-model", DrawErrorKind::Route, Invalid, &["does not draw", "in the settings"]),
    ("404-image-model", Invalid, Invalid, &["gpt-image-2.6-flare", "Choose another in the settings"]),
    ("404-endpoint", DrawErrorKind::Route, DrawErrorKind::Route, &["does not offer", "(404)"]),
    ("404-html", DrawErrorKind::Route, DrawErrorKind::Route, &["does not offer", "(404)"]),
    ("405", DrawErrorKind::Route, DrawErrorKind::Route, &["does not offer", "(405)"]),
    ("400-param", Invalid, Invalid, &["“size”", "multiples of 16", "Choose another size"]),
    ("400-tool", DrawErrorKind::Route, Invalid, &["not supported with gpt-4o"]),
    ("400-field", Invalid, Invalid, &["partial_images"]),
    ("422-field", Invalid, Invalid, &["quality"]),
    (
        "400-moderation",
        Refused,
        Refused,
        &["your prompt or photos", "violence, self-harm", "choose other photos"],
    ),
    ("400-echo", Invalid, Invalid, &["[key]", "blah…"]),
    ("413", Invalid, Invalid, &["too large"]),
    ("429-long", Service, Service, &["no more requests", "Wait"]),
    ("429-quota", Invalid, Invalid, &["no credit"]),
    ("503", Service, Service, &["overloaded or down"]),
    ("500", Service, Service, &["(500)", "billed twice"]),
    ("502-html", Service, Service, &["(502)"]),
    ("200-html", Service, Service, &["web page"]),
    ("302", Invalid, Invalid, &["another address", "not sent"]),
    ("failed", Service, Service, &["broke", "may have been billed"]),
    ("failed-moderation", Refused, Refused, &["safety rules"]),
    ("error-flat", Service, Service, &["The server broke", "may have been billed"]),
    ("error-nested", Service, Service, &["The server broke", "may have been billed"]),
    ("item-failed", Refused, Refused, &["the picture that was drawn", "(sexual)"]),
    ("nothing", Service, Service, &["finished without a picture"]),
    ("eof", Cut, Cut, &["cut off", "may have been billed"]),
    ("break", Cut, Cut, &["cut off", "may have been billed"]),
    ("bad-base64", Service, Service, &["damaged", "may have been billed"]),
    ("not-a-picture", Service, Service, &["no PNG, JPEG or WebP"]),
    ("garbage", Service, Service, &["cannot be read"]),
    ("too-long", Cut, Cut, &["cut off"]),
];

/// Ends that only `responses` knows.
const RESPONSES_ONLY: &[(&str, DrawErrorKind, &[&str])] = &[
    ("incomplete-filter", Refused, &["safety rules"]),
    ("incomplete-tokens", Service, &["max_output_tokens"]),
    ("text-only", Refused, &["in words", "I cannot draw that, but here is a poem"]),
    ("refusal", Refused, &["in words", "I can't help with that"]),
];

fn check(scenario: &str, route: Route, kind: DrawErrorKind, words: &[&str]) {
    let service = FakeService::start(scenario);
    let outcome = draw(&service, &job(route));
    let error = outcome.error();
    let place = format!("{scenario} on {route:?}: {error:?}");
    assert_eq!(error.kind, kind, "{place}");
    for word in words {
        assert!(error.message.contains(word), "“{word}” is missing: {place}");
    }
    assert!(!error.message.contains('<') && !error.message.contains('\n'), "{place}");
    assert!(error.message.contains(&service.host()) || kind == Key, "which host? {place}");
    assert_eq!(service.posts(), 1, "a paid call was repeated: {place}");
    assert!(outcome.progress.iter().all(|step| !matches!(step, DrawProgress::Retrying { .. })), "{place}");
}

#[test]
fn each_refusal_is_told_and_never_repeated() {
    for &(scenario, on_responses, on_edits, words) in ROWS {
        check(scenario, Route::Responses, on_responses, words);
        check(scenario, Route::Edits, on_edits, words);
    }
    for &(scenario, kind, words) in RESPONSES_ONLY {
        check(scenario, Route::Responses, kind, words);
    }
}

#[test]
fn a_preview_before_the_cut_was_handed_over() {
    for route in ROUTES {
        for scenario in ["eof", "break"] {
            let service = FakeService::start(scenario);
            let outcome = draw(&service, &job(route));
            assert_eq!(outcome.partials(), 1, "{scenario}");
            assert_eq!(outcome.error().code(), ErrorCode::Cut);
        }
    }
}

#[test]
fn explicit_invitations_are_followed() {
    for route in ROUTES {
        for scenario in ["429-once", "503-overloaded-once", "503-retry-once"] {
            let service = FakeService::start(scenario);
            let outcome = draw(&service, &job(route));
            assert!(outcome.result.is_ok(), "{scenario}: {:?}", outcome.result);
            assert_eq!(service.posts(), 2, "{scenario}");
            let retries =
                outcome.progress.iter().filter(|step| matches!(step, DrawProgress::Retrying { .. }));
            assert_eq!(retries.count(), 1, "{scenario}");
        }
        let service = FakeService::start("429-always");
        let outcome = draw(&service, &job(route));
        assert_eq!(outcome.error().kind, Service);
        assert_eq!(service.posts(), 4, "the number of tries is bounded");
    }
}

#[test]
fn what_cannot_be_drawn_is_not_sent() {
    let service = FakeService::start("ok");
    let client = Client::with_timing(&service.url(), key(), timing()).unwrap();
    let wrong: [fn(&mut fotonovela_core::comic::providers::openai::DrawJob); 7] = [
        |job| job.prompt = "  ".into(),
        |job| job.prompt = "x".repeat(32_001),
        |job| job.pictures.clear(),
        |job| job.pictures = vec![job.pictures[0].clone(); 17],
        |job| job.size = "large".into(),
        |job| job.pictures[0].media_type = "image/gif".into(),
        |job| job.pictures[1].bytes = vec![0; 50_000_001].into(),
    ];
    for route in ROUTES {
        for breaking in wrong {
            let mut job = job(route);
            breaking(&mut job);
            let outcome = draw_with(&client, &job, &Default::default(), |_| {});
            assert_eq!(outcome.error().kind, Invalid);
            assert!(outcome.progress.is_empty());
        }
    }
    assert_eq!(service.requests().len(), 0);
}

#[test]
fn openai_is_not_asked_without_a_key() {
    let client = Client::with_timing("https://api.openai.com/v1", None, timing()).unwrap();
    let outcome = draw_with(&client, &job(Route::Responses), &Default::default(), |_| {});
    assert_eq!(outcome.error().kind, Key);
    assert!(outcome.error().message.contains("wants a key"));
}

#[test]
fn a_server_without_keys_gets_none() {
    let service = FakeService::start("ok");
    let client = Client::with_timing(&service.url(), None, timing()).unwrap();
    draw_with(&client, &job(Route::Edits), &Default::default(), |_| {}).result.unwrap();
    assert_eq!(service.requests()[0].header("authorization"), None);
}

#[test]
fn an_early_refusal_of_a_large_upload_is_no_cut() {
    let service = FakeService::start("413-unread");
    let client = Client::with_timing(&service.url(), key(), timing()).unwrap();
    let mut job = job(Route::Edits);
    job.pictures = vec![job.pictures[0].clone(); 16];
    for picture in &mut job.pictures {
        picture.bytes = vec![1; 2 << 20].into();
    }
    let outcome = draw_with(&client, &job, &Default::default(), |_| {});
    // The refusal may be lost when the connection breaks under the upload; the advice is then the same.
    assert!([Invalid, DrawErrorKind::Offline].contains(&outcome.error().kind), "{:?}", outcome.error());
    assert!(outcome.error().message.contains("fewer photos"));
    assert_eq!(service.posts(), 1);
    assert_eq!(outcome.count(&DrawProgress::Sent), 0);
}

#[test]
fn models_that_cannot_be_listed() {
    for (scenario, code) in
        [("401", ErrorCode::Key), ("404-endpoint", ErrorCode::Route), ("200-html", ErrorCode::Service)]
    {
        let service = FakeService::start(scenario);
        let client = Client::with_timing(&service.url(), key(), timing()).unwrap();
        let error = runtime().block_on(client.models()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        super::assert_no_key(&format!("{error} {error:?}"));
    }
}
