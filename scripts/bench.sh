#!/usr/bin/env bash
# Measures indexing by stage and similar search. Figures are for ratios within one run. LARGE=1 adds a million vectors:
# 9 GB of disk, 8 GB of memory, a quarter of an hour.
. "$(dirname "$0")/bench-photos.sh"

for set in baseline mixed; do
    echo "== $set"
    stages index "$sets/$set"
    stages decoders "$sets/$set"
    echo
done
stages similar "$cache/bench-vectors" ${LARGE:+large}
echo
stages rescan "$cache/bench-100000" "$sets/mixed" 100000
