//! The settings of a library that two programs have open, and what one of them must not undo.

use fotonovela_core::library::Library;
use fotonovela_core::platform::resources;
use fotonovela_core::settings::{Settings, Theme};
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::Effort;
use fotonovela_core::vectors::StoreUri;

use crate::home::{Home, options};

fn open(home: &Home) -> Library {
    Library::open(options(home.data(), resources::folder())).unwrap()
}

#[test]
fn what_another_program_changed_stays() {
    let home = Home::new();
    let (window, other) = (open(&home), open(&home));
    other
        .save_settings(Settings { final_model: "theirs".into(), row_height: 300, ..other.settings() })
        .unwrap();
    window.save_settings(Settings { theme: Theme::Dark, row_height: 200, ..window.settings() }).unwrap();
    window.save_settings(Settings { effort: Effort::Gentle, ..window.settings() }).unwrap();
    let kept = Settings::read(&home.data());
    assert_eq!((kept.theme, kept.effort, kept.row_height), (Theme::Dark, Effort::Gentle, 200));
    assert_eq!(kept.final_model, "theirs");
    // The other one still has its own and loses nothing of the window's.
    other.save_settings(Settings { route: Some("edits".into()), ..other.settings() }).unwrap();
    let kept = Settings::read(&home.data());
    assert_eq!((kept.theme, kept.row_height, kept.route.as_deref()), (Theme::Dark, 200, Some("edits")));
}

#[test]
fn a_move_on_the_command_line_is_undone_by_another_move_alone() {
    let home = Home::new();
    let window = open(&home);
    let moved = Settings { store: "qdrant+http://localhost:6334".into(), ..Settings::default() };
    moved.write(&home.data()).unwrap();
    window.save_settings(Settings { theme: Theme::Dark, ..window.settings() }).unwrap();
    assert_eq!(Settings::read(&home.data()), Settings { theme: Theme::Dark, ..moved });
    window.move_store(&StoreUri::Embedded, |_| (), &CancelToken::default()).unwrap();
    assert_eq!(Settings::read(&home.data()).store, "embedded");
}

#[test]
fn a_file_that_was_removed_or_damaged_meanwhile_comes_back_whole() {
    for damage in [None, Some("{"), Some(r#"{"rowHeight": 7, "theme": "dark"}"#)] {
        let home = Home::new();
        let window = open(&home);
        window.save_settings(Settings { row_height: 200, theme: Theme::Dark, ..window.settings() }).unwrap();
        let file = home.data().join("settings.json");
        match damage {
            None => std::fs::remove_file(&file).unwrap(),
            Some(text) => std::fs::write(&file, text).unwrap(),
        }
        window.save_settings(Settings { final_model: "mine".into(), ..window.settings() }).unwrap();
        assert_eq!(Settings::read(&home.data()), window.settings());
    }
}
