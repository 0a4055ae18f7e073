//! Photos by what is written about them: names of files and folders, keywords, descriptions, cameras.

use rusqlite::{ToSql, params_from_iter};

use super::connection::Catalog;
use crate::error::Result;
use crate::types::PhotoId;

/// Words of fewer letters are in too many names to say anything.
const SHORTEST: usize = 3;

impl Catalog {
    /// The photos about which all words of the text are written, but for the shortest. Of the path counts what lies below the
    /// library's folder.
    pub fn photos_named(&self, text: &str) -> Result<Vec<PhotoId>> {
        let words = text.split_whitespace().filter(|word| word.chars().count() >= SHORTEST);
        let patterns: Vec<String> = words.map(pattern).collect();
        if patterns.is_empty() {
            return Ok(Vec::new());
        }
        let written =
            "substr(files.path, length(folders.path) + 1) || ' ' || coalesce(photos.keywords, '') || ' ' ||
                       coalesce(photos.description, '') || ' ' || coalesce(photos.camera, '')";
        let all = vec![format!("({written}) LIKE ? ESCAPE '\\'"); patterns.len()].join(" AND ");
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT photos.id FROM photos JOIN files ON files.id = photos.file JOIN folders ON folders.id = files.folder
                 WHERE {all}"
            ))?
            .query_map(params_from_iter(patterns.iter().map(|pattern| pattern as &dyn ToSql)), |row| {
                Ok(PhotoId(row.get(0)?))
            })?
            .collect()
        })
    }
}

fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern + "%"
}
