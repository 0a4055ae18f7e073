#!/usr/bin/env bash
# What a library costs once it is there, by its size: the table of docs/guide/scale.md. A million photos take 18 GB of disk
# and half an hour the first time.
. "$(dirname "$0")/bench-photos.sh"

[ $# -gt 0 ] || set -- 10000 100000 1000000
for rows in "$@"; do
    stages library "$cache/bench-vectors" "$cache/bench-libraries/$rows" "$rows"
    printf '%s: ' "$rows"
    stages fill "$cache/bench-libraries/$rows"
done
echo "| photos | start, s | all tiles, s | similar: median, slowest, ms | most memory, MB | catalogue, MB | store, MB |"
echo "|---|---|---|---|---|---|---|"
for rows in "$@"; do
    stages scale "$cache/bench-libraries/$rows"
done
for rows in "$@"; do
    echo
    stages rescan "$cache/bench-$rows" "$sets/mixed" "$rows"
done
