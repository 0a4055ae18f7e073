//! The loops for x86-64, chosen when the program runs. Compilers find neither `vpdpbusd` nor the half-precision
//! conversions by themselves, and prefetching by hand brings scans to the speed of a bare read.

use std::arch::x86_64::{
    _MM_HINT_T1, _mm_loadu_si128, _mm_prefetch, _mm256_add_epi32, _mm256_add_ps, _mm256_cvtepi8_epi16,
    _mm256_cvtph_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_setzero_ps, _mm256_setzero_si256, _mm256_storeu_ps, _mm256_storeu_si256, _mm512_add_epi32,
    _mm512_add_epi64, _mm512_add_ps, _mm512_and_si512, _mm512_cvtph_ps, _mm512_dpbusd_epi32, _mm512_fmadd_ps,
    _mm512_loadu_ps, _mm512_maskz_loadu_epi8, _mm512_maskz_loadu_epi64, _mm512_popcnt_epi64,
    _mm512_reduce_add_epi32, _mm512_reduce_add_epi64, _mm512_reduce_add_ps, _mm512_set1_epi8,
    _mm512_setzero_ps, _mm512_setzero_si512, _mm512_slli_epi32, _mm512_slli_epi64, _mm512_xor_si512,
};

use super::{Kernels, Levels, PLANES, half_dot_rest};

/// How far ahead of the scan memory is asked for, in bytes, into the second cache. Measured: 8 to 64 KB are alike; into
/// the first cache, or nearer, it is up to 1.5 times slower on an AMD EPYC.
const AHEAD: usize = 16 << 10;

/// Ice Lake, Zen 4 and newer.
static AVX512: Kernels = Kernels {
    name: "AVX-512",
    // SAFETY (all six closures): `available` offers the kernels only where the processor has the features.
    dots: |query, rows, out| unsafe { dots_512(query, rows, out) },
    half_dot: |query, row| unsafe { half_dot_512(query, row) },
    masked_sums: |planes, rows, out| unsafe { masked_sums_512(planes, rows, out) },
};

/// Haswell, Zen and newer.
static AVX2: Kernels = Kernels {
    name: "AVX2",
    dots: |query, rows, out| unsafe { dots_256(query, rows, out) },
    half_dot: |query, row| unsafe { half_dot_256(query, row) },
    masked_sums: |planes, rows, out| unsafe { masked_sums_256(planes, rows, out) },
};

/// Those that this processor has the features for, best first.
pub(super) fn available() -> Vec<&'static Kernels> {
    let has_512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vnni")
        && is_x86_feature_detected!("avx512vpopcntdq");
    let has_256 = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c")
        && is_x86_feature_detected!("popcnt");
    [(has_512, &AVX512), (has_256, &AVX2)].into_iter().filter(|(has, _)| *has).map(|(_, set)| set).collect()
}

/// Of a row by itself nothing is known to follow.
fn ahead<T>(out: &[T]) -> usize {
    if out.len() > 1 { AHEAD } else { 0 }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dots_512(query: &Levels, rows: &[i8], out: &mut [i32]) {
    let length = query.wide.len();
    // `vpdpbusd` takes unsigned bytes on one side: rows are moved up by 128, which adds 128 times the query's sum.
    let up = _mm512_set1_epi8(-128);
    let (high, low) = (&query.high, &query.low);
    let ahead = ahead(out);
    for (row, out) in rows.chunks_exact(length).zip(out) {
        let (mut sum_high, mut sum_low) = (_mm512_setzero_si512(), _mm512_setzero_si512());
        for at in (0..length).step_by(64) {
            let mask = u64::MAX >> (64 - (length - at).min(64));
            _mm_prefetch::<_MM_HINT_T1>(row.as_ptr().wrapping_add(at + ahead));
            // SAFETY: the mask keeps the loads within the three slices of `length` bytes; prefetching any address
            // is allowed.
            let (row, high, low) = unsafe {
                (
                    _mm512_maskz_loadu_epi8(mask, row.as_ptr().add(at)),
                    _mm512_maskz_loadu_epi8(mask, high.as_ptr().add(at)),
                    _mm512_maskz_loadu_epi8(mask, low.as_ptr().add(at)),
                )
            };
            let row = _mm512_xor_si512(row, up);
            sum_high = _mm512_dpbusd_epi32(sum_high, row, high);
            sum_low = _mm512_dpbusd_epi32(sum_low, row, low);
        }
        let sum = _mm512_reduce_add_epi32(_mm512_add_epi32(_mm512_slli_epi32::<7>(sum_high), sum_low));
        *out = sum.wrapping_sub(query.sum.wrapping_mul(128));
    }
}

#[target_feature(enable = "avx512f")]
fn half_dot_512(query: &[f32], row: &[u16]) -> f32 {
    let (queries, query_rest) = query.as_chunks::<32>();
    let (rows, row_rest) = row.as_chunks::<32>();
    let mut sums = [_mm512_setzero_ps(); 2];
    for (query, row) in queries.iter().zip(rows) {
        for (half, sum) in sums.iter_mut().enumerate() {
            // SAFETY: 16 numbers from 0 or 16 on, of 32.
            let (query, row) = unsafe {
                (
                    _mm512_loadu_ps(query.as_ptr().add(16 * half)),
                    _mm256_loadu_si256(row.as_ptr().add(16 * half).cast()),
                )
            };
            *sum = _mm512_fmadd_ps(query, _mm512_cvtph_ps(row), *sum);
        }
    }
    _mm512_reduce_add_ps(_mm512_add_ps(sums[0], sums[1])) + half_dot_rest(query_rest, row_rest)
}

#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn masked_sums_512(planes: &[u64], rows: &[u64], out: &mut [u32]) {
    let words = planes.len() / PLANES;
    for (row, out) in rows.chunks_exact(words).zip(out) {
        let mut sums = [_mm512_setzero_si512(); PLANES];
        for at in (0..words).step_by(8) {
            let mask = u8::MAX >> (8 - (words - at).min(8));
            _mm_prefetch::<_MM_HINT_T1>(row.as_ptr().wrapping_add(at + AHEAD / 8).cast());
            // SAFETY: the mask keeps the load within the row; prefetching any address is allowed.
            let row = unsafe { _mm512_maskz_loadu_epi64(mask, row.as_ptr().add(at).cast()) };
            for (plane, sum) in sums.iter_mut().enumerate() {
                // SAFETY: likewise, within the plane.
                let plane =
                    unsafe { _mm512_maskz_loadu_epi64(mask, planes.as_ptr().add(plane * words + at).cast()) };
                *sum = _mm512_add_epi64(*sum, _mm512_popcnt_epi64(_mm512_and_si512(row, plane)));
            }
        }
        let [one, two, four, eight] = sums;
        let low = _mm512_add_epi64(one, _mm512_slli_epi64::<1>(two));
        let high = _mm512_add_epi64(_mm512_slli_epi64::<2>(four), _mm512_slli_epi64::<3>(eight));
        *out = _mm512_reduce_add_epi64(_mm512_add_epi64(low, high)) as u32;
    }
}

#[target_feature(enable = "avx2")]
fn dots_256(query: &Levels, rows: &[i8], out: &mut [i32]) {
    let (queries, query_rest) = query.wide.as_chunks::<32>();
    let ahead = ahead(out);
    for (row, out) in rows.chunks_exact(query.wide.len()).zip(out) {
        let (parts, rest) = row.as_chunks::<32>();
        let mut sums = [_mm256_setzero_si256(); 2];
        for (query, part) in queries.iter().zip(parts) {
            _mm_prefetch::<_MM_HINT_T1>(part.as_ptr().wrapping_add(ahead));
            for (half, sum) in sums.iter_mut().enumerate() {
                // SAFETY: 16 numbers from 0 or 16 on, of 32; prefetching any address is allowed.
                let (query, part) = unsafe {
                    (
                        _mm256_loadu_si256(query.as_ptr().add(16 * half).cast()),
                        _mm_loadu_si128(part.as_ptr().add(16 * half).cast()),
                    )
                };
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(_mm256_cvtepi8_epi16(part), query));
            }
        }
        let mut lanes = [0_i32; 8];
        // SAFETY: eight numbers of 32 bits fill the register.
        unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), _mm256_add_epi32(sums[0], sums[1])) };
        let rest: i32 = rest.iter().zip(query_rest).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        *out = lanes.iter().sum::<i32>() + rest;
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
fn half_dot_256(query: &[f32], row: &[u16]) -> f32 {
    let (queries, query_rest) = query.as_chunks::<16>();
    let (rows, row_rest) = row.as_chunks::<16>();
    let mut sums = [_mm256_setzero_ps(); 2];
    for (query, row) in queries.iter().zip(rows) {
        for (half, sum) in sums.iter_mut().enumerate() {
            // SAFETY: 8 numbers from 0 or 8 on, of 16.
            let (query, row) = unsafe {
                (
                    _mm256_loadu_ps(query.as_ptr().add(8 * half)),
                    _mm_loadu_si128(row.as_ptr().add(8 * half).cast()),
                )
            };
            *sum = _mm256_fmadd_ps(query, _mm256_cvtph_ps(row), *sum);
        }
    }
    let mut lanes = [0.0_f32; 8];
    // SAFETY: eight numbers of 32 bits fill the register.
    unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), _mm256_add_ps(sums[0], sums[1])) };
    lanes.iter().sum::<f32>() + half_dot_rest(query_rest, row_rest)
}

/// The compiler finds a good way to count bits with these features.
#[target_feature(enable = "avx2,popcnt")]
fn masked_sums_256(planes: &[u64], rows: &[u64], out: &mut [u32]) {
    super::masked_sums(planes, rows, out);
}
