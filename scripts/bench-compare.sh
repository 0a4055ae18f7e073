#!/usr/bin/env bash
# Indexing beside others, on the same photos in the same run: thumbnails beside vipsthumbnail, the whole beside the
# tutorial's script (Pillow, timm and torch, Milvus Lite). Fetches 4 GB of Python packages once.
. "$(dirname "$0")/bench-photos.sh"

rounds=${ROUNDS:-3}
command -v vipsthumbnail >/dev/null || fail "vipsthumbnail is missing. Run sudo apt-get install libvips-tools"
python="$cache/bench-venv/bin/python"
if ! "$python" -c 'import milvus_lite, pymilvus, timm, torch' 2>/dev/null; then
    say "Fetching torch, timm, Pillow and Milvus Lite"
    python3 -m venv "$cache/bench-venv"
    "$cache/bench-venv/bin/pip" install --quiet --no-cache-dir torch timm pillow pymilvus milvus-lite
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# seconds COMMAND...: what the clock on the wall says
seconds() {
    local begin
    begin=$(date +%s.%N)
    "$@" >/dev/null
    echo "$(date +%s.%N) $begin" | awk '{ print $1 - $2 }'
}
vips() {
    mkdir -p "$work/vips"
    find "$1" -name '*.jpg' -print0 |
        VIPS_CONCURRENCY=1 xargs -0 -n 25 -P "$(nproc)" vipsthumbnail --size 512 -o "$work/vips/%s.jpg[Q=80]"
}
tutorial() { "$python" benches/tutorial.py "$1" "$work/tutorial-$RANDOM.db"; }

# note NAME COMMAND...: keeps the seconds that the command prints; one that fails ends the comparison
note() {
    local name=$1 seconds
    shift
    seconds=$("$@" 2>"$work/errors") || fail "$name failed: $(cat "$work/errors")"
    echo "$name ${seconds%% *}"
}

for set in baseline mixed; do
    photos=$(find "$sets/$set" -name '*.jpg' | wc -l)
    for round in $(seq "$rounds"); do
        note thumbnails-ours stages thumbnails "$sets/$set" "$work/ours"
        note thumbnails-vips seconds vips "$sets/$set"
        note whole-ours stages whole "$sets/$set" "$work/library-$set-$round"
        note whole-tutorial tutorial "$sets/$set"
    done >"$work/$set"
    printf '%s (%s photos, %s rounds), photos a second, median:\n' "$set" "$photos" "$rounds"
    for name in thumbnails-ours thumbnails-vips whole-ours whole-tutorial; do
        grep "^$name " "$work/$set" | cut -d' ' -f2 | sort -n |
            awk -v photos="$photos" -v name="$name" \
                '{ all[NR] = $1 } END { printf "  %-16s %.1f\n", name, photos / all[int((NR + 1) / 2)] }'
    done
    stages quality "$sets/$set"
done
