//! `fotonovela undo`.

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::types::{EditCode, EditEntry, EditId, FaultCode, Mark, ReasonCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Arguments, open, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The number of the edit, from --list. Default: the last one that is not undone.
    edit: Option<i64>,
    /// Make an edit again that was undone; by default the one that was undone last.
    #[arg(long)]
    redo: bool,
    /// List the last edits, newest first, and change nothing.
    #[arg(long, conflicts_with_all = ["redo", "edit"])]
    list: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    edits: Vec<EditEntry>,
}

impl Undo {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let edit = self.edit.map(EditId);
        let edits = if self.list {
            library.edits()?
        } else {
            let edited = if self.redo { library.redo(edit)? } else { library.undo(edit)? };
            let nothing = || Error::NotFound(FaultCode::NothingToUndo.reason());
            vec![edited.ok_or_else(nothing)?]
        };
        if arguments.json {
            print_json(&Report { edits });
        } else {
            edits.iter().for_each(|edit| print(&line(edit)));
        }
        Ok(())
    }
}

fn line(edit: &EditEntry) -> String {
    let at = Timestamp::from_millisecond(edit.at).unwrap_or_default().to_zoned(TimeZone::system());
    let undone = if edit.undone { " (undone)" } else { "" };
    format!("{:>4}  {}  {}{undone}", edit.id.0, at.strftime("%Y-%m-%d %H:%M"), text(edit))
}

fn text(edit: &EditEntry) -> String {
    let params = &edit.params;
    let photos = match params.count.unwrap_or_default() {
        1 => "1 photo".to_owned(),
        count => format!("{count} photos"),
    };
    let path = params.path.as_deref().unwrap_or_default();
    let mark = params.mark.map_or("marked", Mark::name);
    match edit.code {
        EditCode::MarkSet => format!("{photos} marked as {mark}"),
        EditCode::MarkUnset => format!("{photos} no longer marked as {mark}"),
        EditCode::FolderAdded => format!("folder {path} added"),
        EditCode::FolderRemoved => format!("folder {path} removed"),
        EditCode::FolderOptions => format!("options of folder {path} changed"),
        EditCode::MissingForgotten => format!("{photos} that were missing forgotten"),
        EditCode::MissingKept => format!("{photos} that are missing kept"),
        EditCode::ComicDeleted => {
            format!("comic “{}” deleted", params.title.as_deref().unwrap_or_default())
        }
    }
}
