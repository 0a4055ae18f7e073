#!/usr/bin/env bash
# Measures indexing by stage and similar search. Figures are for ratios within one run.
. "$(dirname "$0")/bench-photos.sh"

for set in baseline mixed; do
    echo "== $set"
    stages index "$sets/$set"
    stages decoders "$sets/$set"
    echo
done
stages similar
echo
stages rescan "$cache/bench-rescan"
