#!/usr/bin/env bash
# What a library costs once it is there, by its size: the table of docs/guide/scale.md. A million photos take 18 GB of disk
# and half an hour the first time.
. "$(dirname "$0")/bench-photos.sh"

[ $# -gt 0 ] || set -- 10000 100000 1000000
for rows in "$@"; do
    stages library "$cache/bench-vectors" "$cache/bench-libraries/2/$rows" "$rows"
    printf '%s: ' "$rows"
    stages fill "$cache/bench-libraries/2/$rows"
done
echo "| photos | start, s | all tiles, s | similar: median, slowest, ms | most memory, MB | catalogue, MB | store, MB |"
echo "|---|---|---|---|---|---|---|"
for rows in "$@"; do
    stages scale "$cache/bench-libraries/2/$rows"
done
# The same libraries in the window. `window` prints each row.
window() {
    FOTONOVELA_BENCH_LIBRARY="$cache/bench-libraries/2/$1" "$root/scripts/with-screen.sh" \
        cargo test --quiet --release --locked --features custom-protocol --test window -- \
        --ignored --exact scale::a_library_in_the_window --nocapture 2>&1 | grep '^| '
}
"$root/scripts/setup.sh" test
echo
echo "| photos | window to first tiles, s | memory, MB | after End, MB | End to oldest, s | thumbnail: median, p95, ms | load |"
echo "|---|---|---|---|---|---|---|"
for rows in "$@"; do
    window "$rows"
done
# How the grid moves: frames in the real window, and with made-up pictures in Chromium.
echo
echo "| 95th percentile of a frame, ms | 600 px/s | 3,000 | 12,000 | 60,000 | jump | load |"
echo "|---|---|---|---|---|---|---|"
for rows in "$@"; do
    FOTONOVELA_BENCH_LIBRARY="$cache/bench-libraries/2/$rows" "$root/scripts/with-screen.sh" \
        cargo test --quiet --release --locked --features custom-protocol --test window -- \
        --ignored --exact scale::the_grid_of_a_library_moves --nocapture 2>&1 | grep '^| '
done
npm --prefix "$root/ui" run --silent bench:frames | grep '^| '
for rows in "$@"; do
    echo
    stages rescan "$cache/bench-$rows" "$sets/mixed" "$rows"
done
