//! When a refused request may be sent again, and after how long.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::fault::Fault;

/// A service that asks for a longer pause is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// How long to wait before asking again; `None` if it must not be asked again.
pub(super) fn pause(
    status: StatusCode,
    headers: &HeaderMap,
    fault: &Fault,
    backoff: Duration,
) -> Option<Duration> {
    let should = header(headers, "x-should-retry");
    let overloaded = [&fault.code, &fault.kind].into_iter().any(|name| name == "server_is_overloaded");
    let may = match status {
        StatusCode::TOO_MANY_REQUESTS => !fault.is_quota() && should != "false",
        StatusCode::SERVICE_UNAVAILABLE => overloaded || should == "true",
        _ => false,
    };
    let asked = seconds(header(headers, "retry-after-ms"), 1e-3)
        .or_else(|| seconds(header(headers, RETRY_AFTER.as_str()), 1.0))
        .or_else(|| until(header(headers, RETRY_AFTER.as_str())));
    Some(asked.unwrap_or(backoff)).filter(|&pause| may && pause <= LONGEST_PAUSE)
}

fn seconds(number: &str, unit: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

/// The time from now to an HTTP date.
fn until(date: &str) -> Option<Duration> {
    let date = SystemTime::from(jiff::fmt::rfc2822::parse(date).ok()?.timestamp());
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const BACKOFF: Duration = Duration::from_secs(1);

    fn asked(status: u16, code: &str, headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let fault = Fault { code: code.into(), ..Fault::default() };
        let headers =
            headers.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        pause(StatusCode::from_u16(status).unwrap(), &headers, &fault, BACKOFF)
    }

    #[test]
    fn only_three_refusals_are_asked_again() {
        assert_eq!(asked(429, "rate_limit_exceeded", &[]), Some(BACKOFF));
        assert_eq!(asked(429, "insufficient_quota", &[("retry-after", "1")]), None);
        assert_eq!(asked(429, "", &[("x-should-retry", "false")]), None);
        assert_eq!(asked(503, "server_is_overloaded", &[]), Some(BACKOFF));
        assert_eq!(asked(503, "", &[("x-should-retry", "true")]), Some(BACKOFF));
        assert_eq!(asked(503, "", &[]), None);
        for status in [400, 401, 403, 404, 408, 409, 413, 500, 502, 504, 529] {
            assert_eq!(
                asked(status, "", &[("x-should-retry", "true"), ("retry-after", "1")]),
                None,
                "{status}"
            );
        }
    }

    #[test]
    fn the_pause_is_what_the_service_asks_for() {
        let pause = |headers: &[_]| asked(429, "slow_down", headers);
        assert_eq!(pause(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            pause(&[("retry-after", "7"), ("retry-after-ms", "1500")]),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(pause(&[("retry-after", "120")]), Some(LONGEST_PAUSE));
        assert_eq!(pause(&[("retry-after", "121")]), None);
        assert_eq!(pause(&[("retry-after", "soon")]), Some(BACKOFF));
        assert_eq!(pause(&[("retry-after", "-1")]), Some(BACKOFF));
        assert_eq!(pause(&[("retry-after", "NaN")]), Some(BACKOFF));
        assert_eq!(pause(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(Duration::ZERO));
        assert_eq!(pause(&[("retry-after", "Wed, 06 Nov 2999 08:49:37 GMT")]), None);
    }
}
