//! What a library notices while it is open.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::{Duration, Instant};

use fotonovela_core::types::{Event, Scope};

use crate::home::{Home, replace};
use crate::support::{holds_for, photo, wait_for, wait_within, write};

/// The promise is 2 s; a busy machine gets more, and the time is printed.
const PROMPT: Duration = Duration::from_secs(5);

#[test]
fn a_new_photo_shows_up_promptly() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    let mut slowest = Duration::ZERO;
    for number in 0..5 {
        let name = format!("new-{number}.jpg");
        home.put(&name, 10 + number);
        let closed = Instant::now();
        wait_within(PROMPT, "the new photo", || open.id(&name));
        slowest = slowest.max(closed.elapsed());
    }
    eprintln!("a new photo shows up within {slowest:?} of being closed (promise: 2 s)");
    open.has(&["a.jpg", "new-0.jpg", "new-1.jpg", "new-2.jpg", "new-3.jpg", "new-4.jpg"]);
}

#[test]
fn a_folder_that_holds_another_number_of_photos_is_announced() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    open.events.lock().unwrap().clear();
    home.put("b.jpg", 2);
    open.has(&["a.jpg", "b.jpg"]);
    wait_for("the event", || {
        open.events.lock().unwrap().iter().any(|event| matches!(event, Event::Folders)).then_some(())
    });
    assert_eq!(open.folder().photos, 2);
}

#[test]
fn a_half_written_file_is_no_problem_meanwhile_and_whole_at_the_end() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    let whole = photo(20);
    let mut writer = OpenOptions::new().create_new(true).write(true).open(home.path("slow.jpg")).unwrap();
    writer.write_all(&whole[..whole.len() / 2]).unwrap();
    writer.flush().unwrap();
    holds_for(Duration::from_millis(3500), "no problem while it is written", || open.problems().is_empty());
    writer.write_all(&whole[whole.len() / 2..]).unwrap();
    drop(writer);
    open.has(&["a.jpg", "slow.jpg"]);
    assert!(open.problems().is_empty());
}

#[test]
fn a_half_written_file_in_a_new_folder_is_no_problem_either() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    let whole = photo(21);
    std::fs::create_dir(home.path("card")).unwrap();
    let mut writer =
        OpenOptions::new().create_new(true).write(true).open(home.path("card/slow.jpg")).unwrap();
    writer.write_all(&whole[..whole.len() / 2]).unwrap();
    holds_for(Duration::from_millis(1500), "no problem while it is written", || open.problems().is_empty());
    writer.write_all(&whole[whole.len() / 2..]).unwrap();
    drop(writer);
    open.has(&["a.jpg", "card/slow.jpg"]);
    assert!(open.problems().is_empty());
}

#[test]
fn an_edit_in_place_keeps_the_photo_and_is_read_again() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    home.put("a.jpg", 30);
    let edited = wait_for("the new thumbnail", || {
        open.complete().filter(|shown| shown["a.jpg"].thumbnail != before["a.jpg"].thumbnail)
    });
    assert_eq!(edited["a.jpg"].id, before["a.jpg"].id);
    assert_ne!(edited["a.jpg"].vector, before["a.jpg"].vector);
    assert_eq!(edited["b.jpg"], before["b.jpg"]);
}

#[test]
#[cfg(unix)]
fn a_photo_whose_rights_are_mended_appears() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::with(&["a.jpg"]);
    home.put("b.jpg", 2);
    let set =
        |mode| std::fs::set_permissions(home.path("b.jpg"), std::fs::Permissions::from_mode(mode)).unwrap();
    set(0o000);
    if std::fs::read(home.path("b.jpg")).is_ok() {
        // The administrator reads everything.
        return;
    }
    let (open, _) = home.index(&["a.jpg"]);
    assert_eq!(open.problems().len(), 1);
    set(0o644);
    open.has(&["a.jpg", "b.jpg"]);
}

#[test]
fn a_replacement_by_rename_keeps_the_photo() {
    let home = Home::with(&["a.jpg"]);
    let (open, before) = home.index(&["a.jpg"]);
    replace(&home.path("a.jpg"), &photo(31));
    let replaced = wait_for("the new thumbnail", || {
        open.complete()
            .filter(|shown| shown.get("a.jpg").is_some_and(|a| a.thumbnail != before["a.jpg"].thumbnail))
    });
    assert_eq!(replaced["a.jpg"].id, before["a.jpg"].id);
    assert_eq!(open.has(&["a.jpg"]), replaced);
    assert!(open.problems().is_empty());
}

#[test]
fn photos_that_are_renumbered_follow_their_content() {
    let names = ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"];
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    for number in (1..=5).rev() {
        home.rename(&format!("{number}.jpg"), &format!("{}.jpg", number + 1));
    }
    let renumbered = wait_for("the new numbers", || {
        let shown = open.complete()?;
        let moved = (1..=5).all(|number| {
            shown.get(&format!("{}.jpg", number + 1)) == Some(&before[&format!("{number}.jpg")])
        });
        (moved && shown.len() == 5).then_some(shown)
    });
    assert_eq!(open.has(&["2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg"]), renumbered);
}

#[test]
fn a_rename_keeps_the_photo_and_embeds_nothing() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    home.rename("a.jpg", "z.jpg");
    let after = open.has(&["b.jpg", "z.jpg"]);
    assert_eq!(after["z.jpg"], before["a.jpg"]);
    std::fs::create_dir_all(home.path("2024/may")).unwrap();
    home.rename("b.jpg", "2024/may/b.jpg");
    let after = open.has(&["2024/may/b.jpg", "z.jpg"]);
    assert_eq!(after["2024/may/b.jpg"], before["b.jpg"]);
    assert_eq!(open.finished(), 2);
}

#[test]
fn a_folder_tree_can_be_renamed_and_moved() {
    let names = ["trip/a.jpg", "trip/day 1/b.jpg", "trip/day 1/night/c.jpg", "trip/día 2/d.jpg", "e.jpg"];
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    home.rename("trip", "journey");
    let renamed =
        ["journey/a.jpg", "journey/day 1/b.jpg", "journey/day 1/night/c.jpg", "journey/día 2/d.jpg", "e.jpg"];
    let after = open.has(&renamed);
    for (old, new) in names.iter().zip(renamed) {
        assert_eq!(after[new], before[*old], "{new}");
    }
    std::fs::create_dir(home.path("2024")).unwrap();
    home.rename("journey", "2024/journey");
    let moved = renamed.map(|name| if name == "e.jpg" { name.to_owned() } else { format!("2024/{name}") });
    let after = open.has(&moved.each_ref().map(String::as_str));
    for (old, new) in names.iter().zip(&moved) {
        assert_eq!(after[new], before[*old], "{new}");
    }
    assert_eq!(open.finished(), 5, "nothing is embedded again");
    // What happens in the moved folder is still noticed.
    home.put("2024/journey/day 1/new.jpg", 60);
    wait_for("the new photo", || open.id("2024/journey/day 1/new.jpg"));
}

#[test]
fn a_folder_that_is_moved_out_is_gone_and_comes_back_the_same() {
    let home = Home::with(&["a.jpg", "sub/b.jpg", "sub/deep/c.jpg"]);
    let (open, before) = home.index(&["a.jpg", "sub/b.jpg", "sub/deep/c.jpg"]);
    let outside = home.root().join("outside");
    std::fs::rename(home.path("sub"), &outside).unwrap();
    open.has(&["a.jpg"]);
    std::fs::rename(&outside, home.path("back")).unwrap();
    let after = open.has(&["a.jpg", "back/b.jpg", "back/deep/c.jpg"]);
    assert_eq!(after["back/b.jpg"], before["sub/b.jpg"]);
    assert_eq!(after["back/deep/c.jpg"], before["sub/deep/c.jpg"]);
    assert_eq!(open.finished(), 3);
}

#[test]
fn an_edited_copy_becomes_a_photo_of_its_own() {
    let home = Home::with(&["a.jpg"]);
    let (open, before) = home.index(&["a.jpg"]);
    std::fs::copy(home.path("a.jpg"), home.path("copy.jpg")).unwrap();
    let id = before["a.jpg"].id;
    wait_for("the copy is known", || (open.library.photo(id).unwrap().copies.len() == 1).then_some(()));
    assert_eq!(open.has(&["a.jpg"]), before, "still one photo");
    home.put("copy.jpg", 40);
    let after = open.has(&["a.jpg", "copy.jpg"]);
    assert_eq!(after["a.jpg"], before["a.jpg"]);
    assert_ne!(after["copy.jpg"].id, id);
    assert!(open.library.photo(id).unwrap().copies.is_empty());
    // The photo shows the copy when its first file goes.
    std::fs::copy(home.path("a.jpg"), home.path("spare.jpg")).unwrap();
    wait_for("the spare is known", || (open.library.photo(id).unwrap().copies.len() == 1).then_some(()));
    home.remove("a.jpg");
    assert_eq!(open.has(&["spare.jpg", "copy.jpg"])["spare.jpg"], before["a.jpg"]);
}

#[test]
fn two_photos_that_swap_names_follow_their_content() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    home.rename("a.jpg", "between.jpg");
    home.rename("b.jpg", "a.jpg");
    home.rename("between.jpg", "b.jpg");
    let swapped = wait_for("the swap", || {
        open.complete().filter(|shown| {
            shown.get("a.jpg") == Some(&before["b.jpg"]) && shown.get("b.jpg") == Some(&before["a.jpg"])
        })
    });
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), swapped);
}

#[test]
fn a_deleted_photo_disappears_and_is_the_same_when_it_returns() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "b.jpg"]);
    let revision = open.library.catalog().revision();
    home.remove("a.jpg");
    open.has(&["b.jpg"]);
    let changes = open.library.photo_changes(&Scope::default(), revision).unwrap();
    assert_eq!(changes.removed, [before["a.jpg"].id]);
    home.put("a.jpg", 1);
    assert_eq!(open.has(&["a.jpg", "b.jpg"]), before);
    home.remove("b.jpg");
    open.has(&["a.jpg"]);
    home.put("elsewhere/b2.jpg", 2);
    assert_eq!(open.has(&["a.jpg", "elsewhere/b2.jpg"])["elsewhere/b2.jpg"], before["b.jpg"]);
}

#[test]
fn a_folder_that_vanishes_is_offline_and_comes_back_the_same() {
    let home = Home::with(&["a.jpg", "sub/b.jpg"]);
    let (open, before) = home.index(&["a.jpg", "sub/b.jpg"]);
    let aside = home.root().join("aside");
    std::fs::rename(home.photos(), &aside).unwrap();
    assert_eq!(open.offline(), "folder_gone");
    assert_eq!(open.has(&["a.jpg", "sub/b.jpg"]), before, "its photos are kept");
    std::fs::rename(&aside, home.photos()).unwrap();
    open.online();
    assert_eq!(open.has(&["a.jpg", "sub/b.jpg"]), before);
    assert_eq!(open.finished(), 2, "nothing is embedded again");
    home.put("sub/c.jpg", 3);
    open.has(&["a.jpg", "sub/b.jpg", "sub/c.jpg"]);
}

#[test]
fn links_to_folders_that_appear_are_not_followed() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    let outside = home.root().join("outside");
    write(&outside.join("b.jpg"), &photo(2));
    std::os::unix::fs::symlink(&outside, home.path("linked")).unwrap();
    std::os::unix::fs::symlink(outside.join("b.jpg"), home.path("linked.jpg")).unwrap();
    home.put("after.jpg", 3);
    open.has(&["a.jpg", "after.jpg", "linked.jpg"]);
    write(&outside.join("c.jpg"), &photo(4));
    home.put("after-2.jpg", 5);
    open.has(&["a.jpg", "after.jpg", "after-2.jpg", "linked.jpg"]);
    assert!(open.problems().is_empty());
}

#[test]
fn a_whole_tree_that_is_copied_in_at_once_is_complete() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    let mut names = vec!["a.jpg".to_owned()];
    for number in 0..40 {
        let name = format!("card/day {}/deep/{number:02}.jpg", number % 4);
        home.put(&name, 200 + number);
        names.push(name);
    }
    open.has(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(open.problems().is_empty());
}

#[test]
fn hidden_files_that_appear_stay_out_until_they_get_a_name() {
    let home = Home::with(&["a.jpg"]);
    let (open, _) = home.index(&["a.jpg"]);
    home.put(".partial/x.jpg", 2);
    home.put(".download.jpg", 3);
    home.put("marker.jpg", 4);
    open.has(&["a.jpg", "marker.jpg"]);
    home.rename(".download.jpg", "download.jpg");
    open.has(&["a.jpg", "marker.jpg", "download.jpg"]);
}
