//! Every way in which the service answers without a picture: the kind, the words, and that it was asked only once.

use fotonovela_core::comic::order::DrawProgress;
use fotonovela_core::comic::providers::openai::{Client, Route};
use fotonovela_core::error::DrawErrorKind;
use fotonovela_core::types::ErrorCode;

use super::fake_service::FakeService;
use super::{ROUTES, draw, draw_with, job, key, runtime, timing};

use DrawErrorKind::{Cut, Invalid, Key, Refused, Service};

/// Scenario, kinds on `responses` and on `images/edits`, the code, or what it says of both.
type Row = (&'static str, DrawErrorKind, DrawErrorKind, &'static [&'static str]);

const ROWS: &[Row] = &[
    ("401", Key, Key, &["draw_key_refused"]),
    ("403-organization", Key, Key, &["draw_unverified"]),
    ("403", DrawErrorKind::Route, Key, &["forbidden", "insufficient permissions"]),
    ("404-model", DrawErrorKind::Route, Invalid, &["model_unknown"]),
    ("404-image-model", Invalid, Invalid, &["draw_model_unknown", "model=gpt-image-2.6-flare"]),
    ("404-endpoint", DrawErrorKind::Route, DrawErrorKind::Route, &["absent", "status=404"]),
    ("404-html", DrawErrorKind::Route, DrawErrorKind::Route, &["absent", "status=404"]),
    ("405", DrawErrorKind::Route, DrawErrorKind::Route, &["absent", "status=405"]),
    ("400-param", Invalid, Invalid, &["draw_invalid_size", "multiples of 16"]),
    ("400-tool", DrawErrorKind::Route, Invalid, &["model_unknown", "not supported with gpt-4o"]),
    ("400-field", Invalid, Invalid, &["partial_images"]),
    ("422-field", Invalid, Invalid, &["quality"]),
    ("400-moderation", Refused, Refused, &["draw_unsafe_input", "categories=violence, self-harm"]),
    ("400-echo", Invalid, Invalid, &["[key]", "blah…"]),
    ("413", Invalid, Invalid, &["draw_photos_too_large"]),
    ("429-long", Service, Service, &["draw_rate_limit"]),
    ("429-quota", Invalid, Invalid, &["draw_quota"]),
    ("503", Service, Service, &["draw_overloaded"]),
    ("500", Service, Service, &["draw_failed", "status=500"]),
    ("502-html", Service, Service, &["draw_failed", "status=502"]),
    ("200-html", Service, Service, &["draw_web_page"]),
    ("302", Invalid, Invalid, &["draw_redirect"]),
    ("failed", Service, Service, &["draw_stopped", "broke"]),
    ("failed-moderation", Refused, Refused, &["draw_unsafe"]),
    ("error-flat", Service, Service, &["draw_stopped", "The server broke"]),
    ("error-nested", Service, Service, &["draw_stopped", "The server broke"]),
    ("item-failed", Refused, Refused, &["draw_unsafe_output", "categories=sexual"]),
    ("nothing", Service, Service, &["draw_nothing"]),
    ("eof", Cut, Cut, &["draw_cut"]),
    ("break", Cut, Cut, &["draw_cut"]),
    ("bad-base64", Service, Service, &["draw_picture_damaged"]),
    ("not-a-picture", Service, Service, &["draw_picture_kind"]),
    ("garbage", Service, Service, &["draw_unreadable"]),
    ("too-long", Cut, Cut, &["draw_cut"]),
];

/// Ends that only `responses` knows.
const RESPONSES_ONLY: &[(&str, DrawErrorKind, &[&str])] = &[
    ("incomplete-filter", Refused, &["draw_unsafe"]),
    ("incomplete-tokens", Service, &["draw_stopped", "max_output_tokens"]),
    ("text-only", Refused, &["draw_words", "I cannot draw that, but here is a poem"]),
    ("refusal", Refused, &["draw_words", "I can't help with that"]),
];

fn check(scenario: &str, route: Route, kind: DrawErrorKind, words: &[&str]) {
    let service = FakeService::start(scenario);
    let outcome = draw(&service, &job(route));
    let error = outcome.error();
    let place = format!("{scenario} on {route:?}: {error:?}");
    assert_eq!(error.kind, kind, "{place}");
    let reason = error.reason.to_string();
    for word in words {
        assert!(reason.contains(word), "“{word}” is missing: {place}");
    }
    assert!(!reason.contains('<') && !reason.contains('\n'), "{place}");
    assert_eq!(error.reason.params["host"].to_string(), service.host(), "{place}");
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
    assert_eq!(outcome.error().reason.code, "draw_key_wanted");
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
    let code = &*outcome.error().reason.code;
    assert!(["draw_photos_too_large", "draw_half_sent"].contains(&code), "{code}");
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
