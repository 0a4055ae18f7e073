//! Keys: their order, a real keychain, and none.
//!
//! A process has one keychain for its life, so each test that needs another starts this test program again, with one
//! test of the module `child`.

use std::process::{Command, Output};

use fotonovela_core::error::Error;
use fotonovela_core::platform::keychain::{KeyRing, Secret};
use fotonovela_core::types::{ErrorCode, KeyState};

use super::{KEY, assert_no_key, runtime};

const HOST: &str = "api.openai.com";

/// Runs one test of `child` by `program`, without the keychain of who runs the tests.
fn child(program: &str, arguments: &[&str], test: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let own = std::env::current_exe().unwrap();
    let mut command = match program {
        "" => Command::new(&own),
        _ => Command::new(program),
    };
    command
        .args(arguments)
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("OPENAI_API_KEY")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_DATA_HOME", home.path())
        .env("FOTONOVELA_TEST_PROGRAM", &own)
        .env("FOTONOVELA_TEST_CHILD", "1");
    if program.is_empty() {
        command.args(["--exact", &format!("comic::keys::child::{test}"), "--nocapture", "--include-ignored"]);
    }
    command.output().unwrap_or_else(|error| {
        panic!("{program} cannot be run ({error}); see CONTRIBUTING.md for what tests need")
    })
}

fn assert_passed(output: &Output) {
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_no_key(&text);
}

#[test]
fn a_real_keychain_remembers() {
    let script = "printf 'test' | gnome-keyring-daemon --unlock --components=secrets >/dev/null \
         && exec \"$FOTONOVELA_TEST_PROGRAM\" --exact comic::keys::child::with_a_keychain --nocapture --include-ignored";
    assert_passed(&child("dbus-run-session", &["--", "sh", "-c", script], ""));
}

#[test]
fn without_a_keychain_it_says_so() {
    assert_passed(&child("", &[], "without_a_keychain"));
}

#[test]
fn the_environment_goes_first() {
    let ring = KeyRing::new(Secret::new(format!(" {KEY}\n")));
    let session = Secret::new("sk-session").unwrap();
    runtime().block_on(async {
        ring.set(HOST, session, false).await.unwrap();
        assert_eq!(ring.state(HOST).await, KeyState::Environment);
        assert_eq!(ring.load(HOST).await.unwrap().unwrap().expose(), KEY);
        assert_eq!(ring.load("127.0.0.1:4010").await.unwrap().unwrap().expose(), KEY);
    });
    assert_no_key(&format!("{ring:?}"));
}

#[test]
fn a_secret_is_not_shown() {
    let secret = Secret::new(KEY).unwrap();
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret(…))");
    assert!(Secret::new(" \t\n").is_none());
}

/// Run by the tests above in a process of its own; alone these would touch the keychain of whoever runs them.
mod child {
    use super::*;

    fn is_child() -> bool {
        std::env::var_os("FOTONOVELA_TEST_CHILD").is_some()
    }

    #[test]
    #[ignore = "started by a_real_keychain_remembers"]
    fn with_a_keychain() {
        assert!(is_child());
        let key = Secret::new(KEY).unwrap();
        // On the worker threads of an async runtime, several at once: nothing may block or deadlock.
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(
            async {
                let ring = KeyRing::from_environment();
                assert_eq!(ring.state(HOST).await, KeyState::Missing);
                assert_eq!(ring.load(HOST).await.unwrap(), None);
                ring.delete(HOST).await.unwrap();

                ring.set(HOST, key.clone(), true).await.unwrap();
                assert_eq!(ring.state(HOST).await, KeyState::Keychain);
                // The key of one host is not the key of another.
                assert_eq!(ring.state("images.example").await, KeyState::Missing);
                // Another run of the app finds it.
                let again = KeyRing::from_environment();
                let (first, second, third) =
                    tokio::join!(again.load(HOST), again.load(HOST), again.state(HOST));
                assert_eq!(first.unwrap().unwrap(), key);
                assert_eq!(second.unwrap().unwrap(), key);
                assert_eq!(third, KeyState::Keychain);

                // A key for the session goes before it, a remembered one takes its place.
                ring.set(HOST, Secret::new("sk-session").unwrap(), false).await.unwrap();
                assert_eq!(ring.state(HOST).await, KeyState::Session);
                assert_eq!(ring.load(HOST).await.unwrap().unwrap().expose(), "sk-session");
                ring.set(HOST, Secret::new("sk-new").unwrap(), true).await.unwrap();
                assert_eq!(ring.load(HOST).await.unwrap().unwrap().expose(), "sk-new");

                ring.delete(HOST).await.unwrap();
                assert_eq!(ring.state(HOST).await, KeyState::Missing);
                assert_eq!(KeyRing::new(None).load(HOST).await.unwrap(), None);
            },
        );
    }

    #[test]
    #[ignore = "started by without_a_keychain_it_says_so"]
    fn without_a_keychain() {
        assert!(is_child());
        let key = || Secret::new(KEY).unwrap();
        runtime().block_on(async {
            let ring = KeyRing::from_environment();
            assert_eq!(ring.state(HOST).await, KeyState::Missing);
            let errors = [
                ring.set(HOST, key(), true).await.unwrap_err(),
                ring.load(HOST).await.unwrap_err(),
                ring.delete(HOST).await.unwrap_err(),
            ];
            for error in errors {
                assert!(matches!(error, Error::Keychain(_)), "{error:?}");
                assert_eq!(error.code(), ErrorCode::Keychain);
                let text = error.to_string();
                assert_eq!(error.reason().code, "keychain_missing", "{text}");
                assert_no_key(&format!("{error:?} {text}"));
            }
            // A server on this machine needs no key and so no keychain.
            assert_eq!(ring.load("127.0.0.1:4010").await.unwrap(), None);
            assert_eq!(ring.service_state("127.0.0.1:4010").await, KeyState::NotNeeded);
            assert_eq!(ring.service_state(HOST).await, KeyState::Missing);

            ring.set(HOST, key(), false).await.unwrap();
            assert_eq!(ring.state(HOST).await, KeyState::Session);
            assert_eq!(ring.load(HOST).await.unwrap(), Some(key()));
            ring.delete(HOST).await.unwrap();
            assert_eq!(ring.state(HOST).await, KeyState::Missing);
        });
    }
}
