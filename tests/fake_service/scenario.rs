//! What the fake service answers, by the name of the scenario.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::refusal::{empty, html, json_reply, moderation_error, no_such_endpoint, refusal, refuse};
use super::script::{Script, split};
use super::{Recorded, Reply, Step, comic_picture};

/// Every name, with what it does.
pub(super) const SCENARIOS: &[(&str, &str)] = &[
    ("ok", "draws, with as many previews as were asked for"),
    ("slow", "draws, with a pause of 0.6 s before each event"),
    ("no-partials", "draws without previews, whatever was asked for"),
    ("final-first", "sends the picture before its previews"),
    ("noise", "keepalives, comments, unknown events and [DONE] in between"),
    ("split-lf", "cuts the stream into pieces of 1 to 40 bytes"),
    ("split-crlf", "the same, with CRLF"),
    ("split-cr", "the same, with CR"),
    ("huge", "a picture of 18 MB, so events of 24 MB"),
    ("plain-json", "one JSON answer where a stream was asked for"),
    ("no-usage", "counts no tokens"),
    ("no-end", "ends after the picture, before the last event"),
    ("break-after-picture", "breaks the connection after the picture"),
    ("error-after-picture", "an error event after the picture"),
    ("401", "wrong key, repeated in the message"),
    ("403-organization", "the organisation is not verified"),
    ("403", "the key may not do this"),
    ("404-model", "the text model is not there"),
    ("404-image-model", "the image model is not there"),
    ("404-endpoint", "the endpoint is not there"),
    ("404-html", "the endpoint is not there, says a web page"),
    ("405", "the endpoint takes no POST"),
    ("400-param", "a wrong value, with its name"),
    ("400-tool", "the main model does not know the image tool"),
    ("400-field", "a basic server that does not know partial_images"),
    ("422-field", "a basic server that does not know quality"),
    ("400-moderation", "refused by moderation before drawing"),
    ("400-echo", "repeats the key and a long text"),
    ("413", "too large"),
    ("413-unread", "too large, and the body is not read"),
    ("429-once", "too many requests, then draws"),
    ("429-always", "too many requests, each time"),
    ("429-long", "too many requests, come back in an hour"),
    ("429-quota", "no credit left"),
    ("503-overloaded-once", "overloaded, then draws"),
    ("503-retry-once", "503 with x-should-retry, then draws"),
    ("503", "503 without a reason"),
    ("500", "a fault of the service"),
    ("502-html", "a web page of a proxy"),
    ("200-html", "a web page that pretends all is well"),
    ("302", "sends to another address"),
    ("failed", "response.failed, or an error event on images/edits"),
    ("failed-moderation", "response.failed by moderation"),
    ("incomplete-filter", "response.incomplete by the content filter"),
    ("incomplete-tokens", "response.incomplete for length"),
    ("error-flat", "an error event with its fields at the top"),
    ("error-nested", "an error event with an error object"),
    ("item-failed", "completed, but the item failed by moderation"),
    ("text-only", "completed with words only"),
    ("refusal", "completed with a refusal"),
    ("nothing", "completed with nothing"),
    ("eof", "ends after a preview"),
    ("break", "breaks the connection after a preview"),
    ("stall", "says nothing more after a preview"),
    ("stall-headers", "never answers"),
    ("bad-base64", "the picture is no base64"),
    ("not-a-picture", "the picture is a text"),
    ("garbage", "the last event is no JSON of the right shape"),
    ("too-long", "an event beyond 64 MiB"),
];

pub(super) fn is_known(name: &str) -> bool {
    SCENARIOS.iter().any(|(known, _)| *known == name)
}

/// The first known name in square brackets.
pub(super) fn tag_in(prompt: &str) -> Option<&str> {
    prompt.split('[').skip(1).filter_map(|rest| rest.split(']').next()).find(|name| is_known(name))
}

/// The prompt of a body of either route.
pub(super) fn prompt(body: &Value) -> String {
    let text = body["prompt"].as_str().or(body["input"][0]["content"][0]["text"].as_str());
    text.unwrap_or_default().to_owned()
}

pub(super) fn models(tag: &str) -> Reply {
    match tag {
        "401" => {
            refuse(401, "invalid_request_error", Some("invalid_api_key"), None, "Incorrect API key provided")
        }
        "404-endpoint" => no_such_endpoint(),
        "200-html" => html(200),
        _ => json_reply(
            200,
            &json!({"object": "list", "data": [
                {"id": "gpt-4o", "object": "model", "created": 1_715_367_049, "owned_by": "system", "shutdown_date": "2027-01-14"},
                {"id": "gpt-image-2.6-flare", "object": "model", "created": 1_793_000_000, "owned_by": "system", "shutdown_date": null},
                {"id": "sd-cpp-local"},
            ]}),
        ),
    }
}

/// What was asked for, from either route's body.
pub(super) struct Asked<'a> {
    responses: bool,
    stream: bool,
    partials: u64,
    prompt: String,
    size: (u32, u32),
    pub(super) request: &'a Recorded,
}

impl<'a> Asked<'a> {
    fn read(request: &'a Recorded) -> Self {
        let responses = request.path.ends_with("/responses");
        let body = &request.body;
        let options = if responses { &body["tools"][0] } else { body };
        let sides = options["size"].as_str().and_then(|size| size.split_once('x'));
        // Half of what was asked for is quicker.
        let half = |side: &str| side.parse::<u32>().unwrap() / 2;
        Self {
            responses,
            stream: body["stream"].as_bool().unwrap_or(false),
            partials: options["partial_images"].as_u64().unwrap_or(0),
            prompt: prompt(body),
            size: sides.map_or((512, 512), |(width, height)| (half(width), half(height))),
            request,
        }
    }

    fn picture(&self, step: u32) -> Vec<u8> {
        comic_picture(self.size.0, self.size.1, &self.prompt, step)
    }
}

pub(super) fn reply(tag: &str, request: &Recorded, nth: usize) -> Reply {
    let asked = Asked::read(request);
    if let Some(reply) = refusal(tag, &asked, nth) {
        return reply;
    }
    if tag == "plain-json" || !asked.stream {
        return whole(&asked);
    }
    let ending = match tag {
        "split-crlf" => "\r\n",
        "split-cr" => "\r",
        _ => "\n",
    };
    let mut script = Script::new(ending, tag == "slow");
    if asked.responses {
        responses(tag, &asked, &mut script)
    } else {
        edits(tag, &asked, &mut script)
    }
    let steps = if tag.starts_with("split-") { split(script.steps) } else { script.steps };
    Reply { headers: vec![("content-type", "text/event-stream; charset=utf-8".into())], steps, ..empty(200) }
}

/// The base64 of the finished picture.
fn result(tag: &str, asked: &Asked<'_>) -> String {
    match tag {
        "bad-base64" => "iVBORw0KGgo!!!not base64".into(),
        "not-a-picture" => STANDARD.encode("GIF89a, honestly"),
        "huge" => {
            let mut picture = asked.picture(0);
            picture.resize(18 << 20, 0x5a);
            STANDARD.encode(picture)
        }
        _ => STANDARD.encode(asked.picture(0)),
    }
}

fn previews(tag: &str, asked: &Asked<'_>) -> Vec<String> {
    let count = match tag {
        "no-partials" => 0,
        "eof" | "break" | "stall" => 1,
        _ => asked.partials,
    };
    (0..count).map(|at| STANDARD.encode(asked.picture((count - at) as u32))).collect()
}

fn image_usage() -> Value {
    json!({"total_tokens": 2250, "input_tokens": 650, "output_tokens": 1600,
        "input_tokens_details": {"text_tokens": 50, "image_tokens": 600}})
}

fn failed(code: &str, message: &str) -> Value {
    json!({"code": code, "message": message})
}

/// How a stream ends without a picture, the same on both routes; `false` if this scenario does not.
fn end_early(tag: &str, script: &mut Script) -> bool {
    match tag {
        "eof" => {}
        "break" => {
            script.raw("event: response.output_item.done\ndata: {\"type\":\"resp");
            script.steps.push(Step::Break);
        }
        "stall" => script.steps.push(Step::Stall),
        "error-flat" => script.event("error", json!({"code": "server_error", "message": "The server broke.", "param": null})),
        "error-nested" => script.event("error", json!({"error": {"code": "server_error", "type": "server_error", "message": "The server broke.", "param": null}})),
        "too-long" => {
            script.raw("data: ");
            script.steps.extend((0..66).map(|_| Step::Bytes(vec![b'A'; 1 << 20].into())));
            script.steps.push(Step::Stall);
        }
        _ => return false,
    }
    true
}

fn noise(script: &mut Script) {
    script.raw(": a comment\n\nevent: keepalive\ndata: {\"type\":\"keepalive\",\"sequence_number\":3}\n\n");
    script.raw(
        "event: response.brand_new\ndata: {\"type\":\"response.brand_new\",\"item\":7,\"response\":[]}\n\n",
    );
    script.raw("event: keepalive\n\nretry: 10\n\ndata\n\ndata: not json\n\ndata: [DONE]\n\n");
}

fn edits(tag: &str, asked: &Asked<'_>, script: &mut Script) {
    let about = |b64: &str| json!({"b64_json": b64, "created_at": 1_795_000_000, "size": "1024x1536", "quality": "medium", "background": "opaque", "output_format": "png"});
    let partials = |script: &mut Script| {
        for (index, preview) in previews(tag, asked).iter().enumerate() {
            let mut event = about(preview);
            event["partial_image_index"] = json!(index);
            script.event("image_edit.partial_image", event);
        }
    };
    if tag == "noise" {
        noise(script);
    }
    partials(script);
    if end_early(tag, script) {
        return;
    }
    match tag {
        "failed-moderation" | "item-failed" => {
            return script.event("error", json!({"error": moderation_error()}));
        }
        "failed" => {
            return script.event("error", json!({"error": failed("server_error", "The server broke.")}));
        }
        "garbage" => {
            return script.raw(
                "event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\",\"b64_json\":[1]}\n\n",
            );
        }
        "nothing" => return script.event("image_edit.completed", json!({})),
        _ => {}
    }
    let mut event = about(&result(tag, asked));
    if tag != "no-usage" {
        event["usage"] = image_usage();
    }
    script.event("image_edit.completed", event);
}

fn response(status: &str, output: Value) -> Value {
    json!({"id": "resp_fake", "object": "response", "created_at": 1_795_000_000, "status": status, "model": "gpt-4o",
        "error": null, "incomplete_details": null, "instructions": null, "metadata": {}, "parallel_tool_calls": true,
        "temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": [], "output": output})
}

fn message(part: Value) -> Value {
    json!([{"id": "msg_fake", "type": "message", "role": "assistant", "status": "completed", "content": [part]}])
}

/// The item with the picture. The prompt is beyond ASCII so that pieces are cut within a character.
fn item(result: &str) -> Value {
    json!({"id": "ig_fake", "type": "image_generation_call", "status": "completed", "result": result,
        "revised_prompt": "Vier Bilder: ein Hütehund — 狗 🐕 “escaped \\/ text”", "action": "edit", "size": "1024x1536",
        "quality": "medium", "background": "opaque", "output_format": "png"})
}

/// Ends of a response without a picture.
fn response_end(tag: &str, script: &mut Script) -> bool {
    let end = |name: &str, response: Value| (name.to_owned(), response);
    let (name, mut value) = match tag {
        "failed" => end("response.failed", response("failed", json!([]))),
        "failed-moderation" => end("response.failed", response("failed", json!([]))),
        "incomplete-filter" | "incomplete-tokens" => {
            end("response.incomplete", response("incomplete", json!([])))
        }
        "item-failed" => {
            let item = json!({"id": "ig_fake", "type": "image_generation_call", "status": "failed", "result": null, "error": moderation_error()});
            script.event("response.output_item.done", json!({"output_index": 0, "item": item}));
            end("response.completed", response("completed", json!([item])))
        }
        "text-only" => {
            let part = json!({"type": "output_text", "text": "I cannot draw that,\nbut here is a poem.", "annotations": [], "logprobs": []});
            end("response.completed", response("completed", message(part)))
        }
        "refusal" => {
            let part = json!({"type": "refusal", "refusal": "I'm sorry, I can't help with that."});
            end("response.completed", response("completed", message(part)))
        }
        "nothing" => end("response.completed", response("completed", json!([]))),
        "garbage" => {
            script
                .raw("event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":7}\n\n");
            return true;
        }
        _ => return false,
    };
    match tag {
        "failed" => value["error"] = failed("server_error", "The model broke."),
        "failed-moderation" => value["error"] = failed("image_content_policy_violation", "Not this."),
        "incomplete-filter" => value["incomplete_details"] = json!({"reason": "content_filter"}),
        "incomplete-tokens" => value["incomplete_details"] = json!({"reason": "max_output_tokens"}),
        _ => {}
    }
    script.event(&name, json!({"response": value}));
    true
}

fn responses(tag: &str, asked: &Asked<'_>, script: &mut Script) {
    let call = |step: &str| format!("response.image_generation_call.{step}");
    let place = || json!({"output_index": 0, "item_id": "ig_fake"});
    let partials = |script: &mut Script| {
        for (index, preview) in previews(tag, asked).iter().enumerate() {
            let mut event = place();
            event["partial_image_index"] = json!(index);
            event["partial_image_b64"] = json!(preview);
            script.event(&call("partial_image"), event);
        }
    };
    script.event("response.created", json!({"response": response("in_progress", json!([]))}));
    script.event("response.in_progress", json!({"response": response("in_progress", json!([]))}));
    let begun =
        json!({"id": "ig_fake", "type": "image_generation_call", "status": "in_progress", "result": null});
    script.event("response.output_item.added", json!({"output_index": 0, "item": begun}));
    script.event(&call("in_progress"), place());
    script.event(&call("generating"), place());
    if tag == "noise" {
        noise(script);
    }
    if tag != "final-first" {
        partials(script);
    }
    if end_early(tag, script) || response_end(tag, script) {
        return;
    }
    let picture = item(&result(tag, asked));
    script.event(&call("completed"), place());
    script.event("response.output_item.done", json!({"output_index": 0, "item": picture}));
    match tag {
        "final-first" => partials(script),
        "no-end" => return,
        "break-after-picture" => return script.steps.push(Step::Break),
        "error-after-picture" => {
            return script
                .event("error", json!({"code": "server_error", "message": "Too late.", "param": null}));
        }
        _ => {}
    }
    script.event("response.completed", json!({"response": completed(tag, picture)}));
    script.raw("data: [DONE]\n\n");
}

fn completed(tag: &str, picture: Value) -> Value {
    let mut response = response("completed", json!([picture]));
    if tag != "no-usage" {
        response["usage"] = json!({"input_tokens": 1200, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 80, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 1280});
        response["tool_usage"] = json!({"image_gen": image_usage()});
    }
    response
}

/// One JSON answer.
fn whole(asked: &Asked<'_>) -> Reply {
    let picture = STANDARD.encode(asked.picture(0));
    let body = if asked.responses {
        completed("ok", item(&picture))
    } else {
        json!({"created": 1_795_000_000, "data": [{"b64_json": picture}], "output_format": "png", "usage": image_usage()})
    };
    json_reply(200, &body)
}
