#!/usr/bin/env bash
# Makes the photos of the benchmark once, then measures. Figures are for ratios within one run.
. "$(dirname "$0")/common.sh"

"$root/scripts/resources.sh"
"$root/scripts/test-photos.sh"
bench=(cargo bench --quiet --package fotonovela-core --bench stages --)
cd "$root"
"${bench[@]}" photos "$cache/test-photos" "$cache/bench-photos"
"${bench[@]}" index "$cache/bench-photos"
"${bench[@]}" decoders "$cache/bench-photos"
echo
"${bench[@]}" similar
