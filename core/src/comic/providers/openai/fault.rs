//! What the service says when it does not draw: its error object, read from wherever it comes.

use serde_json::Value;

/// An error object of the service: `{"error": {"code", "type", "message", "param", "moderation_details"}}`. The same
/// object comes as the body of a refused request, in events, and in a failed item of a completed response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) param: String,
    /// `input`, `output` or `unknown`.
    pub(super) stage: String,
    pub(super) categories: Vec<String>,
    pub(super) moderated: bool,
}

impl Fault {
    /// Reads an error object, or what compatible servers put in its place: a bare text or `detail`.
    pub(super) fn read(value: &Value) -> Self {
        if let Some(message) = value.as_str() {
            return Self { message: message.to_owned(), ..Self::default() };
        }
        let text = |name: &str| match &value[name] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let details = &value["moderation_details"];
        let categories = details["categories"].as_array().into_iter().flatten();
        let message = match &value["detail"] {
            Value::Null => text("message"),
            Value::String(detail) => detail.clone(),
            other => other.to_string(),
        };
        Self {
            code: text("code"),
            kind: text("type"),
            message,
            param: text("param"),
            stage: details["moderation_stage"].as_str().unwrap_or_default().to_owned(),
            categories: categories.filter_map(Value::as_str).map(str::to_owned).collect(),
            moderated: details.is_object(),
        }
    }

    /// Reads the body of a refused request. What is no JSON, such as a web page, says nothing.
    pub(super) fn read_body(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) if !value["error"].is_null() => Self::read(&value["error"]),
            Ok(value) => Self::read(&value),
            Err(_) => Self::default(),
        }
    }

    /// Whether the account has no money left, which no waiting changes.
    pub(super) fn is_quota(&self) -> bool {
        let quota = |name: &str| matches!(name, "insufficient_quota" | "billing_hard_limit_reached");
        quota(&self.code) || quota(&self.kind)
    }

    pub(super) fn is_moderation(&self) -> bool {
        let named = |name: &str| {
            matches!(
                name,
                "moderation_blocked"
                    | "content_policy_violation"
                    | "image_content_policy_violation"
                    | "content_filter"
                    | "invalid_prompt"
                    | "bio_policy"
            )
        };
        self.moderated || named(&self.code) || named(&self.kind)
    }

    /// Whether the organisation must be verified first, with whatever status that is said.
    pub(super) fn is_about_verification(&self) -> bool {
        self.code.contains("verif")
            || (self.says(&["organi"]) && self.says(&["be verified", "verify", "verification"]))
    }

    /// Whether the key is right, and the account or the key's rights are not enough.
    pub(super) fn is_about_account(&self) -> bool {
        let named = |name: &str| {
            ["scope", "organi", "permission", "project", "account", "region"]
                .iter()
                .any(|word| name.contains(word))
        };
        let is_wrong_key =
            self.code == "invalid_api_key" || self.says(&["incorrect api key", "invalid api key"]);
        !is_wrong_key
            && (named(&self.code)
                || self.says(&["scope", "organi", "permission", "project", "deactivated", "region"]))
    }

    pub(super) fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|word| message.contains(word))
    }

    /// Whether a model, tool or endpoint is not offered, rather than a value being wrong.
    pub(super) fn is_unsupported(&self) -> bool {
        let unsupported =
            ["not support", "unsupported", "does not exist", "not found", "not available", "not allowed"];
        let offered = ["model", "tool", "endpoint", "image_generation", "url"];
        // A size that a model does not support is a wrong size.
        let whole = matches!(
            self.param.as_str(),
            "" | "model" | "tools" | "tool_choice" | "tools[0]" | "tools[0].type" | "tools[0].model"
        );
        matches!(
            self.code.as_str(),
            "model_not_found" | "unknown_url" | "unsupported_model" | "unsupported_tool"
        ) || (whole && self.says(&unsupported) && self.says(&offered))
    }

    /// Whether the fault is about the field `name` of the form.
    pub(super) fn names_field(&self, name: &str) -> bool {
        let of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        match self.param.as_str() {
            "" => self.message.split(|letter| !of_word(letter)).any(|word| word == name),
            param => param == name,
        }
    }

    pub(super) fn is_about_picture(&self) -> bool {
        self.code.starts_with("invalid_image")
            || self.code.starts_with("image_")
            || matches!(self.code.as_str(), "unsupported_image_media_type" | "empty_image_file")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(param: &str, message: &str) -> Fault {
        Fault { param: param.into(), message: message.into(), ..Fault::default() }
    }

    #[test]
    fn a_wrong_value_is_no_missing_model() {
        assert!(!fault("size", "The size '7x7' is not supported by the model.").is_unsupported());
        assert!(!fault("tools[0].quality", "Unsupported value for this model: 'best'.").is_unsupported());
        assert!(!fault("", "Not Found").is_unsupported());
        assert!(fault("tools", "Tool 'image_generation' is not supported with gpt-4o.").is_unsupported());
        assert!(fault("", "model 'x' not found").is_unsupported());
    }

    #[test]
    fn fields_are_named_by_whole_words() {
        assert!(fault("", "unknown field `stream`").names_field("stream"));
        assert!(!fault("", "the upstream failed").names_field("stream"));
        assert!(!fault("size", "bad stream").names_field("stream"));
    }

    #[test]
    fn errors_of_other_servers_are_read() {
        for (body, message) in [
            (json!({"error": "model 'x' not found"}), "model 'x' not found"),
            (json!({"detail": "Not Found"}), "Not Found"),
            (json!({"message": "no"}), "no"),
            (json!({"error": {"message": "no", "code": 400}}), "no"),
            (json!([1]), ""),
            (json!(null), ""),
        ] {
            assert_eq!(Fault::read_body(body.to_string().as_bytes()).message, message);
        }
        assert_eq!(Fault::read_body(b"<html>"), Fault::default());
        assert_eq!(Fault::read_body(&[0xff]), Fault::default());
    }
}
