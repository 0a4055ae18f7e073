//! Requests against the published schema of the service, with a guard against misspelt fields; and the events of the
//! fake service against the same, so that the fake does not drift into a service of its own.
//!
//! `tests/fixtures/openai/openapi-subset.relaxed.json` is cut from OpenAI's specification (MIT, LICENSE beside it);
//! `oneOf` became `anyOf`, because a right body matches two of the original alternatives at once.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::fake_service::{FakeService, Recorded};
use super::{Client, ROUTES, job, runtime};

static SPECIFICATION: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../fixtures/openai/openapi-subset.relaxed.json");
    serde_json::from_str(text).unwrap()
});
static RESPONSES: LazyLock<Validator> = LazyLock::new(|| validator("CreateResponse"));
static EDITS: LazyLock<Validator> = LazyLock::new(|| validator("CreateImageEditRequest"));

fn validator(schema: &str) -> Validator {
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{schema}"),
        "components": SPECIFICATION["components"],
    });
    jsonschema::validator_for(&document).unwrap()
}

/// What is wrong with `body` as the body of `path`.
fn problems(path: &str, body: &Value) -> Vec<String> {
    let (validator, schema): (&Validator, _) = match path {
        "/v1/responses" => (&RESPONSES, "CreateResponse"),
        "/v1/images/edits" => (&EDITS, "CreateImageEditRequest"),
        other => return vec![format!("no schema for {other}")],
    };
    let mut problems: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    unknown_fields(&SPECIFICATION["components"]["schemas"][schema], body, "", &mut problems);
    problems
}

/// Panics unless `request` is one that the service describes.
pub(super) fn check(request: &Recorded) {
    if request.method == "POST" {
        // A request whose body was not read cannot be judged.
        if request.length > 0 {
            assert_eq!(problems(&request.path, &request.body), Vec::<String>::new());
        }
        assert_eq!(request.header("accept"), Some("text/event-stream, application/json"));
        assert!(request.header("content-length").is_some() && request.header("transfer-encoding").is_none());
    }
}

fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolve(SPECIFICATION.pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// The schemas that together describe an object: all of `allOf`, and those of `anyOf` whose `type` field fits.
fn parts(schema: &'static Value, value: &Value, found: &mut Vec<&'static Value>) {
    let schema = resolve(schema);
    let kinds = &resolve(&schema["properties"]["type"])["enum"];
    let fits = kinds.as_array().is_none_or(|kinds| value["type"].is_null() || kinds.contains(&value["type"]));
    if !fits {
        return;
    }
    found.push(schema);
    for list in ["allOf", "anyOf"] {
        for part in schema[list].as_array().into_iter().flatten() {
            parts(part, value, found);
        }
    }
}

/// Finds fields that no fitting schema names: the specification mostly leaves objects open.
fn unknown_fields(schema: &'static Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    let mut found = Vec::new();
    parts(schema, value, &mut found);
    match value {
        Value::Object(fields) => {
            let named: BTreeSet<&String> = found
                .iter()
                .filter_map(|part| part["properties"].as_object())
                .flat_map(serde_json::Map::keys)
                .collect();
            for (name, field) in fields {
                let place = format!("{path}/{name}");
                if !named.contains(name) {
                    problems.push(format!("{place}: unknown field"));
                }
                // One of the schemas that name the field must know all that is in it.
                let deeper = found.iter().filter(|part| !part["properties"][name].is_null()).map(|part| {
                    let mut problems = Vec::new();
                    unknown_fields(&part["properties"][name], field, &place, &mut problems);
                    problems
                });
                problems.extend(deeper.min_by_key(Vec::len).unwrap_or_default());
            }
        }
        Value::Array(items) => {
            let lists: Vec<_> = found.iter().filter(|part| !part["items"].is_null()).collect();
            for (at, item) in items.iter().enumerate() {
                let place = format!("{path}/{at}");
                let deeper = lists.iter().map(|list| {
                    let mut problems = Vec::new();
                    unknown_fields(&list["items"], item, &place, &mut problems);
                    problems
                });
                problems.extend(deeper.min_by_key(Vec::len).unwrap_or_default());
            }
        }
        _ => {}
    }
}

#[test]
fn the_check_finds_what_is_wrong() {
    let good = json!({
        "model": "gpt-4o", "stream": true, "store": false,
        "input": [{"role": "user", "content": [
            {"type": "input_text", "text": "Draw."},
            {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "high"}]}],
        "tools": [{"type": "image_generation", "model": "gpt-image-2.6-flare", "partial_images": 2}],
        "tool_choice": {"type": "image_generation"},
    });
    assert_eq!(problems("/v1/responses", &good), Vec::<String>::new());
    let broken: [fn(&mut Value); 7] = [
        |body| body["stroe"] = json!(true),
        |body| body["tools"][0]["partial_images"] = json!(7),
        |body| body["tools"][0]["qualty"] = json!("low"),
        |body| body["tools"][0]["quality"] = json!("best"),
        |body| body["input"][0]["content"][1]["detail"] = json!("huge"),
        |body| body["input"][0]["content"][1]["image"] = json!("x"),
        |body| body["stream"] = json!("yes"),
    ];
    for breaking in broken {
        let mut body = good.clone();
        breaking(&mut body);
        assert!(!problems("/v1/responses", &body).is_empty(), "{body}");
    }
    let form =
        json!({"prompt": "x", "image": ["bin"], "quality": "low", "stream": true, "partial_images": 2});
    assert_eq!(problems("/v1/images/edits", &form), Vec::<String>::new());
    for (field, value) in [("moderation", json!("auto")), ("quality", json!("best")), ("image", Value::Null)]
    {
        let mut body = form.clone();
        body[field] = value;
        assert!(!problems("/v1/images/edits", &body).is_empty(), "{body}");
    }
}

/// The schema of an event by its type.
fn event_schema(name: &str) -> &'static str {
    match name {
        "response.created" => "ResponseCreatedEvent",
        "response.in_progress" => "ResponseInProgressEvent",
        "response.output_item.added" => "ResponseOutputItemAddedEvent",
        "response.output_item.done" => "ResponseOutputItemDoneEvent",
        "response.image_generation_call.in_progress" => "ResponseImageGenCallInProgressEvent",
        "response.image_generation_call.generating" => "ResponseImageGenCallGeneratingEvent",
        "response.image_generation_call.partial_image" => "ResponseImageGenCallPartialImageEvent",
        "response.image_generation_call.completed" => "ResponseImageGenCallCompletedEvent",
        "response.completed" => "ResponseCompletedEvent",
        "response.failed" => "ResponseFailedEvent",
        "response.incomplete" => "ResponseIncompleteEvent",
        "error" => "ResponseErrorEvent",
        "image_edit.partial_image" => "ImageEditPartialImageEvent",
        "image_edit.completed" => "ImageEditCompletedEvent",
        other => panic!("the service knows no event {other}"),
    }
}

/// The events of a whole stream.
fn events(stream: &str) -> Vec<Value> {
    let data = stream.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]");
    data.map(|data| serde_json::from_str(data).unwrap()).collect()
}

#[test]
fn the_fake_sends_events_of_the_service() {
    // reqwest brings no provider of cryptography of its own. An error says that another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    // The specification is older than the reasons of a failed item, so that one is not here.
    for scenario in ["ok", "failed", "incomplete-filter", "text-only", "refusal", "error-flat"] {
        let service = FakeService::start(scenario);
        let tool = json!({"type": "image_generation", "size": "32x32", "partial_images": 2});
        let body = json!({"model": "gpt-4o", "stream": true, "tools": [tool],
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "Draw."}]}]});
        let form =
            ["prompt", "size", "partial_images", "stream"].into_iter().zip(["Draw.", "32x32", "2", "true"]);
        let form = form.fold(reqwest::multipart::Form::new(), |form, (name, value)| form.text(name, value));
        let mut asked = vec![http.post(format!("{}/responses", service.url())).json(&body)];
        if scenario == "ok" {
            asked.push(http.post(format!("{}/images/edits", service.url())).multipart(form));
        }
        for request in asked {
            let stream = runtime().block_on(async { request.send().await.unwrap().text().await.unwrap() });
            let events = events(&stream);
            assert!(events.len() >= 3, "{stream}");
            for event in events {
                let name = event["type"].as_str().unwrap();
                let problems: Vec<_> = validator(event_schema(name))
                    .iter_errors(&event)
                    .map(|error| format!("{}: {}", error.instance_path(), error.masked()))
                    .collect();
                assert_eq!(problems, Vec::<String>::new(), "{scenario}: {name}");
            }
        }
    }
}

#[test]
fn the_requests_as_a_person_reads_them() {
    let client = Client::new("https://images.example/v1", None).unwrap();
    for route in ROUTES {
        insta::assert_json_snapshot!(route.name(), client.outline(&job(route)));
    }
}
