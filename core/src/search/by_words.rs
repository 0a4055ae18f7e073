//! Photos by a sentence: what they show, what is written about them, and the conditions that it says.

use std::collections::{HashMap, HashSet};

use jiff::Zoned;

use super::dates::moments;
use super::sentence::Sentence;
use super::words::WordMeaning;
use super::{Engine, MOST_ALIKE, RankedPhotos, Search, cut_off};
use crate::error::{Error, Result};
use crate::types::{FaultCode, PhotoId, PhotoQuery, ReasonCode, Scope, Understood, Why};

impl Search {
    /// What is made of a text that a person typed.
    ///
    /// # Errors
    /// As [`Self::layout`].
    pub fn understand(&self, text: &str) -> Result<Understood> {
        let sentence = parsed(text);
        let meaning = self.meaning(&self.engines.current(), &sentence)?;
        let (from, until) = sentence.days.map(moments).unzip();
        Ok(Understood {
            words: sentence.wanted,
            excluded: sentence.excluded,
            from,
            until,
            filters: sentence.filters,
            unknown: meaning.unknown,
        })
    }

    /// Words that go on with the last one of a text, of what is written about the library's photos.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<String>> {
        let Some(start) = text.rsplit(char::is_whitespace).next().filter(|start| !start.is_empty()) else {
            return Ok(Vec::new());
        };
        let texts = self.texts()?;
        texts.advance(&self.catalog)?;
        texts.beginning(&start.to_lowercase(), limit)
    }

    /// Photos about which all the words are written come first, then those that show what the words say.
    pub(super) async fn by_words(
        &self,
        engine: &Engine,
        text: &str,
        scope: &Scope,
        limit: Option<u32>,
    ) -> Result<RankedPhotos> {
        let sentence = parsed(text);
        let (from, until) = sentence.days.map(moments).unzip();
        let scope = scope.narrowed(from, until, &sentence.filters);
        let is_among = sentence.days.is_some() || !sentence.filters.is_empty();
        match (sentence.wanted.is_empty(), sentence.excluded.is_empty()) {
            (true, true) if is_among => return self.newest(engine, scope, limit).await,
            (true, _) if !is_among => return Err(Error::Invalid(FaultCode::WordsMissing.reason())),
            _ => {}
        }
        let meaning = self.meaning(engine, &sentence)?;
        let inside = self.inside(engine, &scope).await?;
        let is_inside = |photo: PhotoId| inside.as_ref().is_none_or(|inside| inside.contains(&photo));
        let shown = match meaning.shown.is_empty() && !sentence.wanted.is_empty() {
            true => HashMap::new(),
            false => {
                let about = Sentence { wanted: meaning.shown, ..sentence };
                let found = self.words.search(&self.catalog, &engine.model, &about, is_inside)?;
                found.into_iter().collect()
            }
        };
        let written: HashMap<_, _> =
            meaning.written.into_iter().filter(|(photo, _)| is_inside(*photo)).collect();
        let photos: HashSet<_> = shown.keys().chain(written.keys()).copied().collect();
        let of = |scores: &HashMap<PhotoId, f32>, photo: &PhotoId| scores.get(photo).copied().unwrap_or(0.0);
        let mut ranked: Vec<_> = photos
            .into_iter()
            .map(|photo| (photo, f32::midpoint(of(&shown, &photo), of(&written, &photo))))
            .collect();
        ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let weak_below = cut_off(ranked.iter().map(|(_, score)| *score));
        ranked.truncate(limit.map_or(MOST_ALIKE, |limit| limit as usize));
        let why = |photo: &PhotoId| match of(&written, photo) > of(&shown, photo) {
            true => Why::Written,
            false => Why::Shown,
        };
        Ok(RankedPhotos {
            ids: ranked.iter().map(|(photo, _)| *photo).collect(),
            why: ranked.iter().map(|(photo, _)| (*photo, why(photo))).collect(),
            scores: ranked.into_iter().collect(),
            weak_below,
            unknown: meaning.unknown,
            ..RankedPhotos::default()
        })
    }

    /// What of a sentence is looked for in pictures, and what is written about which photos.
    fn meaning(&self, engine: &Engine, sentence: &Sentence) -> Result<WordMeaning> {
        if sentence.wanted.is_empty() && sentence.excluded.is_empty() {
            return Ok(WordMeaning::default());
        }
        let texts = self.texts()?;
        texts.advance(&self.catalog)?;
        self.words.meaning(&engine.model, &sentence.wanted, &texts)
    }

    /// Where the text says only when and which: all of these, newest first or in the order of the album.
    async fn newest(&self, engine: &Engine, among: Scope, limit: Option<u32>) -> Result<RankedPhotos> {
        let query = PhotoQuery { among, limit, ..PhotoQuery::default() };
        let ids: Vec<_> =
            self.subjects.grid(engine, &query).await?.photos.iter().map(|photo| photo.id).collect();
        let scores = ids.iter().map(|photo| (*photo, 1.0)).collect();
        let why = ids.iter().map(|photo| (*photo, Why::Among)).collect();
        Ok(RankedPhotos { ids, scores, why, ..RankedPhotos::default() })
    }
}

fn parsed(text: &str) -> Sentence {
    Sentence::parse(text, Zoned::now().date())
}
