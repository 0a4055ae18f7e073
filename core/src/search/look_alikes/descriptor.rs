//! What is around a point, in 128 bits: for each of 4 x 4 cells, turned with the point, which of 8 directions of gradients
//! are stronger than usual there (the histogram of SIFT, one bit a bin).

use std::f32::consts::TAU;

use super::grey::Grey;

const CELLS: usize = 4;
const TURNS: usize = 8;
/// Samples along each side of the square around the point.
const SAMPLES: usize = 16;
/// Pixels between two of them, in sigmas of the point.
const STEP: f32 = 0.75;

/// Length of the gradient of a pixel, and its direction from 0 to a full turn.
pub(super) fn gradient(picture: &Grey, x: isize, y: isize) -> (f32, f32) {
    let across = picture.at(x + 1, y) - picture.at(x - 1, y);
    let down = picture.at(x, y + 1) - picture.at(x, y - 1);
    (across.hypot(down), down.atan2(across).rem_euclid(TAU))
}

/// The bits of a point of a picture.
pub(super) fn describe(picture: &Grey, (x, y): (f32, f32), sigma: f32, angle: f32) -> u128 {
    let (sin, cos) = angle.sin_cos();
    let mut sums = [0.0_f32; CELLS * CELLS * TURNS];
    for sample in 0..SAMPLES * SAMPLES {
        let (column, row) = ((sample % SAMPLES) as f32, (sample / SAMPLES) as f32);
        let middle = (SAMPLES as f32 - 1.0) / 2.0;
        let (across, down) = (column - middle, row - middle);
        let (left, top) =
            (x + STEP * sigma * (across * cos - down * sin), y + STEP * sigma * (across * sin + down * cos));
        let is_inside = left >= 0.0
            && top >= 0.0
            && left <= picture.width as f32 - 1.0
            && top <= picture.height as f32 - 1.0;
        if is_inside {
            let (length, direction) = gradient(picture, left.round() as isize, top.round() as isize);
            let near = (-(across * across + down * down) / 128.0).exp();
            let turn = (direction - angle).rem_euclid(TAU) / TAU * TURNS as f32;
            let cell = |at: f32| (at + 0.5) * CELLS as f32 / SAMPLES as f32 - 0.5;
            add(&mut sums, [cell(column), cell(row)], turn, length * near);
        }
    }
    let mut sorted = sums;
    sorted.sort_by(f32::total_cmp);
    let usual = sorted[sums.len() / 2];
    sums.iter().enumerate().fold(0, |bits, (bin, sum)| bits | (u128::from(*sum > usual) << bin))
}

/// Shares a weight among the bins around it.
fn add(sums: &mut [f32], [column, row]: [f32; 2], turn: f32, weight: f32) {
    let fill = |at: f32| {
        let (first, rest) = (at.floor() as isize, at - at.floor());
        [(first, 1.0 - rest), (first + 1, rest)]
    };
    let cells = 0..CELLS as isize;
    for (row, row_share) in fill(row).into_iter().filter(|(row, _)| cells.contains(row)) {
        for (column, column_share) in fill(column).into_iter().filter(|(column, _)| cells.contains(column)) {
            for (turn, turn_share) in fill(turn) {
                let bin = (row as usize * CELLS + column as usize) * TURNS + turn as usize % TURNS;
                sums[bin] += weight * row_share * column_share * turn_share;
            }
        }
    }
}

/// The bits of the same point in the mirrored picture: rows change places, and directions turn the other way.
pub(super) fn mirrored(bits: u128) -> u128 {
    let bin = |row: usize, column: usize, turn: usize| (row * CELLS + column) * TURNS + turn;
    let mut mirrored = 0;
    for row in 0..CELLS {
        for column in 0..CELLS {
            for turn in 0..TURNS {
                let from = bits >> bin(row, column, turn) & 1;
                mirrored |= from << bin(CELLS - 1 - row, column, (TURNS - turn) % TURNS);
            }
        }
    }
    mirrored
}
