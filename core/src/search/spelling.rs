//! How words are made equal that people spell in different ways.

/// In small letters, without accents; ñ is a letter of its own.
pub(super) fn fold(word: &str) -> String {
    let is_kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '_');
    unaccented(word).chars().filter(is_kept).collect()
}

/// The same with its other signs.
pub(super) fn unaccented(word: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' => 'i',
        'ó' | 'ò' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    };
    word.to_lowercase().chars().map(plain).collect()
}
