//! Answers without a picture: refusals, and services that are busy, broken or elsewhere.

use serde_json::{Value, json};

use super::scenario::Asked;
use super::{Reply, Step};

pub(super) fn empty(status: u16) -> Reply {
    Reply { status, headers: Vec::new(), steps: Vec::new(), unread: false }
}

pub(super) fn json_reply(status: u16, body: &Value) -> Reply {
    let headers = vec![("content-type", "application/json".into()), ("x-request-id", "req_fake".into())];
    Reply { headers, steps: vec![Step::Bytes(body.to_string().into())], ..empty(status) }
}

pub(super) fn html(status: u16) -> Reply {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome</body></html>";
    Reply {
        headers: vec![("content-type", "text/html; charset=utf-8".into())],
        steps: vec![Step::Bytes(page.into())],
        ..empty(status)
    }
}

pub(super) fn refuse(
    status: u16,
    kind: &str,
    code: Option<&str>,
    param: Option<&str>,
    message: &str,
) -> Reply {
    json_reply(status, &json!({"error": {"message": message, "type": kind, "param": param, "code": code}}))
}

pub(super) fn too_large() -> Reply {
    Reply { unread: true, ..refuse(413, "invalid_request_error", None, None, "Request Entity Too Large") }
}

pub(super) fn no_such_endpoint() -> Reply {
    refuse(
        404,
        "invalid_request_error",
        Some("unknown_url"),
        None,
        "Unknown request URL: POST. Please check the URL.",
    )
}

/// Refusals before anything is drawn.
pub(super) fn refusal(tag: &str, asked: &Asked<'_>, nth: usize) -> Option<Reply> {
    let key = asked.request.header("authorization").unwrap_or_default().trim_start_matches("Bearer ");
    not_allowed(tag, key).or_else(|| wrong(tag, key)).or_else(|| busy(tag, nth))
}

const WRONG: &str = "invalid_request_error";

/// Keys, models and endpoints.
fn not_allowed(tag: &str, key: &str) -> Option<Reply> {
    let refuse = |status, code, message: &str| refuse(status, WRONG, code, None, message);
    Some(match tag {
        "401" => refuse(401, Some("invalid_api_key"), &format!("Incorrect API key provided: {key}.")),
        "403-organization" => refuse(
            403,
            None,
            "Your organization must be verified to use the model `gpt-image-2`. Please go to settings and click on Verify Organization.",
        ),
        "403" => refuse(403, Some("missing_scope"), "You have insufficient permissions for this operation."),
        "404-model" => refuse(
            404,
            Some("model_not_found"),
            "The model `gpt-4o` does not exist or you do not have access to it.",
        ),
        "404-image-model" => refuse(
            404,
            Some("model_not_found"),
            "The model `gpt-image-2.6-flare` does not exist or you do not have access to it.",
        ),
        "404-endpoint" => no_such_endpoint(),
        "404-html" => html(404),
        "405" => json_reply(405, &json!({"detail": "Method Not Allowed"})),
        _ => return None,
    })
}

/// Requests that are refused for what is in them.
fn wrong(tag: &str, key: &str) -> Option<Reply> {
    let refuse = |code, param, message: &str| refuse(400, WRONG, code, param, message);
    Some(match tag {
        "400-param" => {
            refuse(Some("invalid_value"), Some("size"), "Invalid size '7x7'. Edges must be multiples of 16.")
        }
        "400-tool" => refuse(None, Some("tools"), "Tool 'image_generation' is not supported with gpt-4o."),
        "400-field" => {
            refuse(Some("unknown_parameter"), Some("partial_images"), "Unknown parameter: 'partial_images'.")
        }
        "422-field" => json_reply(
            422,
            &json!({"detail": [{"loc": ["body", "quality"], "msg": "extra fields not permitted"}]}),
        ),
        "400-moderation" => {
            let mut error = moderation_error();
            error["moderation_details"] =
                json!({"moderation_stage": "input", "categories": ["violence", "self-harm"]});
            json_reply(400, &json!({"error": error}))
        }
        "400-echo" => refuse(
            None,
            None,
            &format!("Bad request\nAuthorization: Bearer {key}\u{7} {}", "blah ".repeat(2000)),
        ),
        "413" => Reply { unread: false, ..too_large() },
        _ => return None,
    })
}

/// Services that are busy, poor, broken or elsewhere.
fn busy(tag: &str, nth: usize) -> Option<Reply> {
    let with = |mut reply: Reply, name, value: &str| {
        reply.headers.push((name, value.to_owned()));
        reply
    };
    let limit = || {
        refuse(429, "requests", Some("rate_limit_exceeded"), None, "Rate limit reached: Limit 5 per minute.")
    };
    Some(match tag {
        "429-once" if nth == 1 => with(limit(), "retry-after-ms", "30"),
        "429-always" => with(limit(), "retry-after-ms", "5"),
        "429-long" => with(limit(), "retry-after", "3600"),
        "429-quota" => {
            let quota = Some("insufficient_quota");
            let reply = refuse(429, "insufficient_quota", quota, None, "You exceeded your current quota.");
            with(reply, "retry-after", "1")
        }
        "503-overloaded-once" if nth == 1 => {
            let overloaded = Some("server_is_overloaded");
            refuse(503, "service_unavailable", overloaded, None, "Our servers are currently overloaded.")
        }
        "503-retry-once" if nth == 1 => with(json_reply(503, &json!({})), "x-should-retry", "true"),
        "503" => empty(503),
        "500" => {
            let message = "The server had an error while processing your request.";
            with(refuse(500, "server_error", None, None, message), "x-should-retry", "true")
        }
        "502-html" => html(502),
        "200-html" => html(200),
        "302" => with(empty(302), "location", "https://elsewhere.example/v1/responses"),
        _ => return None,
    })
}

pub(super) fn moderation_error() -> Value {
    json!({"code": "moderation_blocked", "type": "image_generation_user_error", "param": null,
        "message": "Your request was rejected by the safety system.",
        "moderation_details": {"moderation_stage": "output", "categories": ["sexual"]}})
}
