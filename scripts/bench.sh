#!/usr/bin/env bash
# Makes the photos of the benchmark once, then measures. Figures are for ratios within one run.
. "$(dirname "$0")/common.sh"

"$root/scripts/resources.sh"
"$root/scripts/test-photos.sh"
bench=(cargo bench --quiet --package fotonovela-core --bench stages --)
cd "$root"
sets="$cache/bench-photos/2"
"${bench[@]}" photos "$cache/test-photos" "$sets"
for set in baseline mixed; do
    echo "== $set"
    "${bench[@]}" index "$sets/$set"
    echo
done
"${bench[@]}" similar
