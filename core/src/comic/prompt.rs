//! The text that goes with the pictures. Order and wording follow OpenAI's guide to image prompts: pictures by
//! number, one beat a panel, and what must stay the same.

use crate::types::ComicLayout;

const LIKENESS: &str = "Keep everyone recognisable: same face, markings, colours, build and proportions in every \
                        panel. Do not redesign them.";

/// The text for a new comic from `photos` pictures.
pub fn story(prompt: &str, layout: ComicLayout, photos: usize) -> String {
    let pictures = match photos {
        1 => "Image 1 is a photo of the subject.".to_owned(),
        count => format!("Images 1 to {count} are photos; the subjects are those seen in them."),
    };
    let page = match layout {
        ComicLayout::FourPanels => {
            "Draw one comic page in full colour: 4 panels of equal size in two rows of two, read from left to right \
             and top to bottom, with thin dark borders and white gutters. Tell the story as 4 clear beats, one a \
             panel."
        }
        ComicLayout::Single => {
            "Draw one comic picture in full colour that fills the whole page, without panels."
        }
    };
    format!("{pictures} {page} {LIKENESS}\n\nStory: {}", prompt.trim())
}

/// The text for a change of a drawn comic. The service remembers nothing, so what must stay is said again.
pub fn change(prompt: &str, layout: ComicLayout) -> String {
    let parts = match layout {
        ComicLayout::FourPanels => "panels, layout, characters, colours and style",
        ComicLayout::Single => "composition, characters, colours and style",
    };
    format!(
        "Image 1 is a comic. Draw it again with one change and keep everything else the same: {parts}. {LIKENESS}\
         \n\nChange: {}",
        prompt.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_person_come_last_and_whole() {
        let text = story("  A dog at Hogwarts\nwith a wand ", ComicLayout::FourPanels, 3);
        assert!(text.starts_with("Images 1 to 3"));
        assert!(text.contains("4 panels"));
        assert!(text.ends_with("Story: A dog at Hogwarts\nwith a wand"));
        assert!(!story("x", ComicLayout::Single, 1).contains("4 panels"));
    }

    #[test]
    fn a_change_says_what_must_stay() {
        let text = change("Make the hat red", ComicLayout::FourPanels);
        assert!(text.contains("keep everything else the same"));
        assert!(text.ends_with("Change: Make the hat red"));
    }
}
