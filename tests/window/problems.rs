//! Files that cannot be taken in are named, each with its reason.

use crate::photos;
use crate::stage::Stage;

#[test]
fn files_that_are_no_photos_are_listed_with_their_reasons() {
    let stage = Stage::with_photos();
    let sun = photos::jpeg("sun.jpg");
    let damaged = [&sun[..300], b"nothing of this is a picture".repeat(9).as_slice()].concat();
    std::fs::write(stage.photos().join("damaged.jpg"), damaged).unwrap();
    std::fs::write(stage.photos().join("drawing.psd"), "layers").unwrap();
    let window = stage.open_with_photos();

    window.until("two problems are counted", || window.text("problems").contains('2'));
    window.click("problems");
    window.until("both are listed", || window.count("problem") == 2);
    window.shot("problems");
    let problems = window.texts("problem-group");
    for (name, why) in [("damaged.jpg", "copy it again"), ("drawing.psd", "cannot be shown")] {
        let text = problems.iter().find(|text| text.contains(name)).expect(name);
        let path = stage.photos().canonicalize().unwrap().join(name);
        let reason = text.replace(path.to_str().unwrap(), "");
        assert_ne!(reason, *text, "the whole path is told: {text}");
        assert!(reason.to_lowercase().contains(why), "{name}: {reason}");
    }

    std::fs::remove_file(stage.photos().join("drawing.psd")).unwrap();
    window.until("a file that went is no problem any more", || window.count("problem") == 1);
}
