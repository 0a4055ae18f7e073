//! A probe: one direction among vectors that tells photos of a subject from the rest of the library, and the threshold
//! that belongs to it. Learned of a few examples and of a library whose other photos nobody looked at
//! (docs/decisions/0019-subjects.md).

use crate::vectors::{add_scaled, dot};

/// What examples weigh beside the background, whose photos weigh 1 together.
const YES: f32 = 1.0;
const NO: f32 = 0.5;
/// Fewer photos that do not show the subject weigh less than [`NO`] together.
const NO_FROM: usize = 4;
/// Where photos that do not show it are to lie, those that do being at 1 and the background at 0.
const NO_TARGET: f32 = -0.3;
/// Ridge, as a share of the background's variance.
const RIDGE: f32 = 0.05;
/// Steps of conjugate gradients: more change no answer.
const STEPS: usize = 6;
/// Examples of each kind whose score without themselves is computed.
const LEFT_OUT: usize = 48;

/// See the module.
pub(super) struct SubjectProbe {
    /// Unit length, so that a vector store can rank by it.
    pub(super) weights: Vec<f32>,
    /// The score of the mean of the background.
    mean: f32,
    /// What those that show the subject would score if they had not been shown, above the mean.
    yes: Vec<f32>,
    /// The same of those that do not.
    no: Vec<f32>,
}

struct Row<'a> {
    vector: &'a [f32],
    weight: f32,
    target: f32,
}

impl SubjectProbe {
    /// Learns from vectors of photos that show the subject, of which there is one at least, of some that do not, and of
    /// any photos of the library.
    pub(super) fn fit(background: &[Vec<f32>], yes: &[Vec<f32>], no: &[Vec<f32>]) -> Self {
        let mean = mean(background);
        let centred = |rows: &[Vec<f32>]| rows.iter().map(|row| minus(row, &mean)).collect::<Vec<_>>();
        let (background, yes, no) = (centred(background), centred(yes), centred(no));
        let yes = examples(&yes, YES / yes.len() as f32, 1.0);
        let no = examples(&no, NO / no.len().max(NO_FROM) as f32, NO_TARGET);
        let share = 1.0 / background.len() as f32;
        let ridge = RIDGE * share * background.iter().map(|row| dot(row, row)).sum::<f32>();
        let rest = background.iter().map(|vector| Row { vector, weight: share, target: 0.0 });
        let rows: Vec<_> = yes.iter().chain(&no).map(Row::copied).chain(rest).collect();
        let mut goal = vec![0.0; mean.len()];
        rows.iter().for_each(|row| add_scaled(&mut goal, row.weight * row.target, row.vector));
        let weights = solve(&rows, ridge, &goal);
        let length = dot(&weights, &weights).sqrt().max(f32::MIN_POSITIVE);
        let left_out = |of: &[Row<'_>]| {
            let step = of.len().div_ceil(LEFT_OUT).max(1);
            of.iter().step_by(step).map(|row| row.left_out(&rows, ridge, &weights) / length).collect()
        };
        let (mut yes_scores, no_scores): (Vec<f32>, _) = (left_out(&yes), left_out(&no));
        if let [only] = yes.as_slice() {
            // Without the only one nothing is known: others will lie on the way to it.
            yes_scores = vec![dot(only.vector, &weights) / length / 2.0];
        }
        let weights: Vec<f32> = weights.iter().map(|weight| weight / length).collect();
        Self { mean: dot(&mean, &weights), weights, yes: yes_scores, no: no_scores }
    }

    /// From which score on photos show the subject; `scores` are those of all photos that nobody answered.
    pub(super) fn threshold(&self, scores: &[f32]) -> Threshold {
        let mut scores: Vec<f32> = scores.iter().map(|score| score - self.mean).collect();
        scores.sort_unstable_by(|a, b| b.total_cmp(a));
        let middle = scores.get(scores.len() / 2).copied().unwrap_or_default();
        let mut away: Vec<f32> = scores.iter().map(|score| (score - middle).abs()).collect();
        away.sort_unstable_by(f32::total_cmp);
        // The median of deviations of a normal distribution is this part of its own.
        let spread = (1.4826 * away.get(away.len() / 2).copied().unwrap_or_default()).max(1e-3);
        let cut = Cut::new(self, &scores, spread);
        Threshold { at: cut.best(&scores, middle) + self.mean, spread }
    }
}

/// Where photos begin to show a subject.
pub(super) struct Threshold {
    at: f32,
    /// Standard deviation of the scores of all photos.
    spread: f32,
}

impl Threshold {
    /// A number between 0 and 1 that rises with the score; a half at the threshold.
    pub(super) fn confidence(&self, score: f32) -> f32 {
        logistic(2.0 * (score - self.at) / self.spread)
    }
}

/// What is known of the photos that show the subject, to cut where the expected F1 is best.
struct Cut<'a> {
    probe: &'a SubjectProbe,
    centre: f32,
    deviation: f32,
    /// Photos that are expected to show it among those that nobody answered.
    count: f32,
    blur: f32,
}

/// Examples that the library's own spread counts for, beside the spread of the examples.
const PRIOR_EXAMPLES: f32 = 4.0;
/// How many photos show a subject that nobody answered, before their scores are looked at; and what that weighs.
const PRIOR_COUNT: f32 = 16.0;
const PRIOR_WEIGHT: f32 = 0.75;
/// Less of the examples above a score says nothing of how many there are.
const LEAST_SHARE: f32 = 0.3;
/// What errors about answered photos cost beside the expected F1, and over which part of the spread they blur.
const ERRORS: f32 = 2.0;
const BLUR: f32 = 0.3;

impl<'a> Cut<'a> {
    fn new(probe: &'a SubjectProbe, scores: &[f32], spread: f32) -> Self {
        let examples = probe.yes.len() as f32;
        let centre = probe.yes.iter().sum::<f32>() / examples;
        let squares: f32 = probe.yes.iter().map(|score| (score - centre).powi(2)).sum();
        let variance =
            (squares + PRIOR_EXAMPLES * spread.powi(2)) / ((examples - 1.0).max(0.0) + PRIOR_EXAMPLES);
        let mut cut = Self { probe, centre, deviation: variance.sqrt(), count: 0.0, blur: BLUR * spread };
        // Of so many that are above a score, not more can show the subject: the tightest bound for their number.
        let bounds = (1_u32..).zip(scores).filter_map(|(above, score)| {
            let share = cut.share_above(*score);
            (share >= LEAST_SHARE).then_some(above as f32 / share)
        });
        let bound = bounds.fold(f32::INFINITY, f32::min);
        let bound = if bound.is_finite() { bound } else { PRIOR_COUNT };
        cut.count = (PRIOR_WEIGHT * PRIOR_COUNT.ln() + (1.0 - PRIOR_WEIGHT) * bound.ln()).exp();
        cut
    }

    /// Which share of the photos that show the subject score more.
    fn share_above(&self, score: f32) -> f32 {
        normal((self.centre - score) / self.deviation)
    }

    /// Which share of the answered photos would be on the wrong side.
    fn errors(&self, cut: f32) -> f32 {
        let missed = self.probe.yes.iter().map(|score| normal((cut - score) / self.blur));
        let wrong = self.probe.no.iter().map(|score| normal((score - cut) / self.blur));
        missed.chain(wrong).sum::<f32>() / (self.probe.yes.len() + self.probe.no.len()) as f32
    }

    /// Between two of the scores, which fall.
    fn best(&self, scores: &[f32], middle: f32) -> f32 {
        let mut best = (f32::NEG_INFINITY, self.centre);
        let has_no = !self.probe.no.is_empty();
        for (place, score) in scores.iter().enumerate().take_while(|(_, score)| **score >= middle) {
            let above = (place + 1) as f32;
            let expected = 2.0 * self.share_above(*score) * self.count / (above + self.count);
            let worth = if has_no { expected - ERRORS * self.errors(*score) } else { expected };
            if worth > best.0 {
                let next = scores.get(place + 1).copied().unwrap_or(*score);
                best = (worth, f32::midpoint(*score, next));
            }
        }
        best.1
    }
}

impl Row<'_> {
    fn copied(&self) -> Self {
        Self { ..*self }
    }

    /// What it scores by all the others: of least squares that needs no fit without it.
    fn left_out(&self, rows: &[Row<'_>], ridge: f32, weights: &[f32]) -> f32 {
        let leverage = self.weight * dot(self.vector, &solve(rows, ridge, self.vector));
        (dot(self.vector, weights) - leverage * self.target) / (1.0 - leverage).max(0.01)
    }
}

fn examples(rows: &[Vec<f32>], weight: f32, target: f32) -> Vec<Row<'_>> {
    rows.iter().map(|vector| Row { vector, weight, target }).collect()
}

/// Solves `(sum of weight * row * row' + ridge) x = goal` by conjugate gradients.
fn solve(rows: &[Row<'_>], ridge: f32, goal: &[f32]) -> Vec<f32> {
    let mut answer = vec![0.0; goal.len()];
    let mut left = goal.to_vec();
    let mut direction = left.clone();
    let mut squares = dot(&left, &left);
    for _ in 0..STEPS {
        if squares <= f32::MIN_POSITIVE {
            break;
        }
        let mut image: Vec<f32> = direction.iter().map(|value| ridge * value).collect();
        rows.iter()
            .for_each(|row| add_scaled(&mut image, row.weight * dot(row.vector, &direction), row.vector));
        let step = squares / dot(&direction, &image);
        add_scaled(&mut answer, step, &direction);
        add_scaled(&mut left, -step, &image);
        let next = dot(&left, &left);
        direction.iter_mut().zip(&left).for_each(|(value, left)| *value = left + next / squares * *value);
        squares = next;
    }
    answer
}

fn minus(row: &[f32], mean: &[f32]) -> Vec<f32> {
    row.iter().zip(mean).map(|(value, mean)| value - mean).collect()
}

fn mean(rows: &[Vec<f32>]) -> Vec<f32> {
    let mut mean = vec![0.0; rows.first().map_or(0, Vec::len)];
    rows.iter().for_each(|row| add_scaled(&mut mean, 1.0 / rows.len() as f32, row));
    mean
}

fn logistic(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

/// The normal distribution function, within 0.01 (Johnson, Kotz and Balakrishnan 1995, section 23.2).
fn normal(value: f32) -> f32 {
    logistic(1.702 * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: usize = 64;

    /// Unit vectors, each with its own part and a part of the direction `axis`.
    fn rows(seed: u64, count: usize, axis: Option<(usize, f32)>) -> Vec<Vec<f32>> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            // xorshift64 (Marsaglia 2003).
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1_u32 << 24) as f32 - 0.5
        };
        let mut row = || {
            let mut row: Vec<f32> = (0..LENGTH).map(|_| next()).collect();
            if let Some((at, part)) = axis {
                row[at] += part;
            }
            let length = dot(&row, &row).sqrt();
            row.iter().map(|value| value / length).collect()
        };
        (0..count).map(|_| row()).collect()
    }

    /// Precision and recall among photos that nobody answered, of which `hidden` show the subject.
    fn found(probe: &SubjectProbe, hidden: &[Vec<f32>], others: &[Vec<f32>]) -> (f32, f32) {
        let score = |row: &Vec<f32>| dot(row, &probe.weights);
        let all: Vec<f32> = hidden.iter().chain(others).map(score).collect();
        let threshold = probe.threshold(&all);
        let matches = |rows: &[Vec<f32>]| {
            rows.iter().filter(|row| threshold.confidence(score(row)) >= 0.5).count() as f32
        };
        let (right, wrong) = (matches(hidden), matches(others));
        (right / (right + wrong).max(1.0), right / hidden.len() as f32)
    }

    #[test]
    fn the_threshold_finds_those_that_hide_among_the_photos_that_nobody_answered() {
        for (hidden, others) in [(20, 300), (20, 3000), (150, 1500)] {
            let yes = rows(1, 8, Some((3, 3.0)));
            let hidden = rows(2, hidden, Some((3, 3.0)));
            let others = rows(3, others, None);
            let background: Vec<_> = hidden.iter().chain(&others).step_by(2).cloned().collect();
            let (precision, recall) = found(&SubjectProbe::fit(&background, &yes, &[]), &hidden, &others);
            assert!(
                precision > 0.85 && recall > 0.85,
                "{}: precision {precision}, recall {recall}",
                others.len()
            );
        }
    }

    #[test]
    fn photos_that_were_said_not_to_show_it_take_those_like_them_out() {
        let yes = rows(1, 8, Some((3, 2.0)));
        let hidden = rows(2, 20, Some((3, 2.0)));
        // Something else that shares the direction, and has one of its own.
        let mut alike = rows(3, 26, Some((3, 1.6)));
        for row in &mut alike {
            row[9] += 0.5;
            let length = dot(row, row).sqrt();
            row.iter_mut().for_each(|value| *value /= length);
        }
        let (no, alike) = alike.split_at(6);
        let others: Vec<_> = rows(4, 400, None).into_iter().chain(alike.iter().cloned()).collect();
        let background: Vec<_> = hidden.iter().chain(&others).cloned().collect();
        let (before, _) = found(&SubjectProbe::fit(&background, &yes, &[]), &hidden, &others);
        let (after, recall) = found(&SubjectProbe::fit(&background, &yes, no), &hidden, &others);
        assert!(after > before + 0.05 && recall > 0.85, "{before} {after} {recall}");
    }

    #[test]
    fn a_score_without_an_example_is_that_of_a_fit_without_it() {
        let (background, yes) = (rows(5, 100, None), rows(1, 5, Some((3, 2.0))));
        let probe = SubjectProbe::fit(&background, &yes, &[]);
        assert!((dot(&probe.weights, &probe.weights) - 1.0).abs() < 1e-4);
        assert_eq!(probe.yes.len(), 5);
        let mean = mean(&background);
        for (row, left_out) in yes.iter().zip(&probe.yes) {
            let with = dot(&minus(row, &mean), &probe.weights);
            assert!(*left_out < with && *left_out > 0.0, "{left_out} of {with}");
        }
    }

    #[test]
    fn one_example_and_a_library_without_other_photos_are_enough_to_answer() {
        let yes = rows(1, 1, Some((3, 3.0)));
        let (hidden, others) = (rows(2, 5, Some((3, 3.0))), rows(3, 100, None));
        let background: Vec<_> = hidden.iter().chain(&others).chain(&yes).cloned().collect();
        let (precision, recall) = found(&SubjectProbe::fit(&background, &yes, &[]), &hidden, &others);
        assert!(precision > 0.6 && recall > 0.6, "{precision} {recall}");
        let alone = SubjectProbe::fit(&yes, &yes, &[]);
        assert!(alone.threshold(&[]).confidence(0.5).is_finite());
    }
}
