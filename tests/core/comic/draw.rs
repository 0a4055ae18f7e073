//! Drawings that succeed: what is sent, what is told meanwhile, what comes back.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fotonovela_core::comic::order::DrawProgress;
use fotonovela_core::comic::providers::openai::{Client, INSTRUCTIONS, Route, cost};
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::Usage;
use serde_json::json;

use super::fake_service::{FakeService, comic_picture};
use super::{KEY, ROUTES, draw, draw_with, job, key, runtime, timing};

#[test]
fn both_routes_draw_with_previews() {
    for route in ROUTES {
        let service = FakeService::start("ok");
        let job = job(route);
        let outcome = draw(&service, &job);
        let drawing = outcome.result.as_ref().unwrap();
        assert_eq!(drawing.bytes, comic_picture(128, 192, &job.prompt, 0));
        assert_eq!(drawing.media_type, "image/png");
        assert_eq!(outcome.partials(), 2);
        assert_eq!(outcome.progress[0], DrawProgress::Sent);
        assert_eq!(outcome.count(&DrawProgress::Sent), 1);
        assert_eq!(service.posts(), 1);
        let usage = drawing.usage.unwrap();
        let image = Usage { image_text_input: 50, image_input: 600, image_output: 1600, ..Usage::default() };
        match route {
            Route::Responses => {
                assert_eq!(usage, Usage { text_model_input: 1200, text_model_output: 80, ..image });
                assert_eq!(drawing.response_id.as_deref(), Some("resp_fake"));
                assert!(drawing.revised_prompt.as_deref().unwrap().contains("Hütehund — 狗 🐕"));
                assert_eq!(outcome.progress[1], DrawProgress::Drawing);
                assert!(cost::actual(&usage, &job.image_model, Some(&job.text_model)).unwrap() > 0.05);
            }
            Route::Edits => assert_eq!(usage, image),
        }
    }
}

#[test]
fn the_body_for_responses() {
    let service = FakeService::start("ok");
    let mut job = job(Route::Responses);
    draw(&service, &job).result.unwrap();
    job.change = true;
    job.pictures.truncate(1);
    job.prompt = "Change Image 1: make the hat red. Keep everything else.".into();
    draw(&service, &job).result.unwrap();

    let requests = service.requests();
    let first = &requests[0].body;
    let urls: Vec<_> = super::job(Route::Responses)
        .pictures
        .iter()
        .map(|picture| format!("data:image/png;base64,{}", STANDARD.encode(&picture.bytes)))
        .collect();
    assert_eq!(
        *first,
        json!({
            "model": "gpt-4o", "stream": true, "store": false, "instructions": INSTRUCTIONS,
            "safety_identifier": "0123456789abcdef".repeat(4),
            "input": [{"role": "user", "content": [
                {"type": "input_text", "text": super::job(Route::Responses).prompt},
                {"type": "input_image", "image_url": urls[0], "detail": "high"},
                {"type": "input_image", "image_url": urls[1], "detail": "high"},
            ]}],
            "tools": [{"type": "image_generation", "model": "gpt-image-2.6-flare", "size": "256x384",
                "quality": "medium", "output_format": "png", "partial_images": 2, "action": "auto", "moderation": "auto"}],
            "tool_choice": {"type": "image_generation"},
        })
    );
    // A change is complete in itself.
    let second = &requests[1].body;
    assert_eq!(second["tools"][0]["action"], "edit");
    assert_eq!(second["instructions"], INSTRUCTIONS);
    assert_eq!(second["input"][0]["content"][0]["text"], job.prompt);
    assert_eq!(second["input"][0]["content"].as_array().unwrap().len(), 2);
    assert!(second["previous_response_id"].is_null());
}

#[test]
fn the_form_for_edits() {
    let service = FakeService::start("ok");
    let mut job = job(Route::Edits);
    draw(&service, &job).result.unwrap();
    let request = &service.requests()[0];
    assert_eq!(
        request.body,
        json!({"model": "gpt-image-2.6-flare", "prompt": job.prompt, "size": "256x384", "quality": "medium",
            "output_format": "png", "stream": true, "partial_images": 2, "image": ["(binary)", "(binary)"]})
    );
    for (sent, picture) in request.pictures.iter().zip(&job.pictures) {
        assert_eq!(
            (&sent.name, &sent.media_type, &sent.bytes),
            (&picture.name, &picture.media_type, &picture.bytes)
        );
    }
    // Without previews, nothing that a basic server does not know.
    job.partial_images = 0;
    let outcome = draw(&service, &job);
    assert_eq!(outcome.result.as_ref().unwrap().bytes, comic_picture(128, 192, &job.prompt, 0));
    assert_eq!(outcome.progress, [DrawProgress::Sent]);
    let body = &service.requests()[1].body;
    assert!(body["stream"].is_null() && body["partial_images"].is_null());
}

#[test]
fn streams_in_any_shape() {
    for route in ROUTES {
        for (scenario, partials) in [
            ("no-partials", 0),
            ("noise", 3),
            ("split-lf", 3),
            ("split-crlf", 3),
            ("split-cr", 3),
            ("plain-json", 0),
            ("no-usage", 3),
            ("final-first", if route == Route::Responses { 0 } else { 3 }),
            ("no-end", 3),
            ("break-after-picture", 3),
            ("error-after-picture", 3),
        ] {
            let service = FakeService::start(scenario);
            let mut job = job(route);
            // Many pieces of a small picture.
            job.size = "32x48".into();
            job.partial_images = 3;
            let outcome = draw(&service, &job);
            let drawing = outcome.result.as_ref().unwrap_or_else(|error| panic!("{scenario}: {error:?}"));
            assert_eq!(drawing.bytes, comic_picture(16, 24, &job.prompt, 0), "{scenario}");
            assert_eq!(outcome.partials(), partials, "{scenario}");
            assert_eq!(service.posts(), 1);
            if route == Route::Responses {
                let revised = drawing.revised_prompt.as_deref();
                assert_eq!(
                    revised,
                    Some("Vier Bilder: ein Hütehund — 狗 🐕 “escaped \\/ text”"),
                    "{scenario}"
                );
            }
            let lost = scenario == "no-usage"
                || (route == Route::Responses
                    && ["no-end", "break-after-picture", "error-after-picture"].contains(&scenario));
            assert_eq!(drawing.usage.is_none(), lost, "{scenario}");
        }
    }
}

#[test]
fn a_prompt_chooses_a_scenario_of_the_fake() {
    let service = FakeService::start("ok");
    let mut job = job(Route::Edits);
    job.prompt = "Draw [500] and [nonsense]".into();
    assert!(draw(&service, &job).result.is_err());
    job.prompt = "Draw [nonsense]".into();
    assert!(draw(&service, &job).result.is_ok());
}

#[test]
fn large_events_are_read_in_linear_time() {
    for route in ROUTES {
        let service = FakeService::start("huge");
        let client = Client::with_timing(&service.url(), key(), timing()).unwrap();
        // From the last preview on there is only the picture to read, on `responses` twice.
        let mut last = Instant::now();
        let outcome = draw_with(&client, &job(route), &CancelToken::default(), |_| last = Instant::now());
        let took = last.elapsed();
        assert_eq!(outcome.result.as_ref().unwrap().bytes.len(), 18 << 20);
        // Well under 1 s without optimisation on a quiet machine; a parser that scans again with every piece needs
        // the better part of a minute.
        assert!(took < Duration::from_secs(4), "{route:?} took {took:?}");
    }
}

#[test]
fn sixteen_large_pictures_arrive_whole() {
    for route in ROUTES {
        let service = FakeService::start("ok");
        let mut job = job(route);
        let mut bytes = comic_picture(8, 8, "x", 0);
        bytes.resize(1 << 20, 7);
        job.pictures = vec![job.pictures[0].clone(); 16];
        for picture in &mut job.pictures {
            picture.bytes = bytes.clone().into();
        }
        let outcome = draw(&service, &job);
        outcome.result.as_ref().unwrap();
        assert_eq!(outcome.count(&DrawProgress::Sent), 1);
        assert!(service.requests()[0].length > 16 << 20);
    }
}

#[test]
fn the_outline_shows_all_but_the_key_and_the_bytes() {
    let client = Client::new("https://api.openai.com/v1/", key()).unwrap();
    assert_eq!(client.host(), "api.openai.com");
    let name = "(photo-1.png, image/png, ";
    let outline = client.outline(&job(Route::Responses));
    assert_eq!(outline["method"], "POST");
    assert_eq!(outline["url"], "https://api.openai.com/v1/responses");
    assert_eq!(outline["headers"]["content-type"], "application/json");
    let url = &outline["body"]["input"][0]["content"][1]["image_url"];
    assert!(url.as_str().unwrap().starts_with(name), "{url}");
    assert_eq!(outline["body"]["store"], false);

    let edits = client.outline(&job(Route::Edits));
    assert_eq!(edits["url"], "https://api.openai.com/v1/images/edits");
    assert_eq!(edits["body"]["prompt"], job(Route::Edits).prompt);
    assert!(edits["body"]["image[]"][0].as_str().unwrap().starts_with(name));
    for text in [outline.to_string(), edits.to_string()] {
        assert!(
            !text.contains(KEY) && !text.to_lowercase().contains("bearer") && text.len() < 2000,
            "{text}"
        );
    }
}

#[test]
fn models_and_the_route_that_follows() {
    let service = FakeService::start("ok");
    let client = Client::new(&service.url(), key()).unwrap();
    assert_eq!(client.host(), service.host());
    let models = runtime().block_on(client.models()).unwrap();
    let names: Vec<_> =
        models.iter().map(|model| (model.id.as_str(), model.shutdown_date.as_deref())).collect();
    assert_eq!(
        names,
        [("gpt-4o", Some("2027-01-14")), ("gpt-image-2.6-flare", None), ("sd-cpp-local", None)]
    );
    // Elsewhere than on api.openai.com nothing is asked.
    assert_eq!(runtime().block_on(client.choose_route("gpt-4o")), Route::Edits);
    assert_eq!(service.requests().len(), 1);
}
