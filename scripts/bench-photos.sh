# Sourced by the benchmarks: makes their photos once. `stages` runs the program of the benchmarks, `sets` holds `baseline`
# and `mixed`.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Raised when the photos come out different.
sets="$cache/bench-photos/2"
stages() { cargo bench --quiet --locked --package fotonovela-core --bench stages -- "$@"; }

"$root/scripts/resources.sh"
"$root/scripts/test-photos.sh"
cd "$root"
stages photos "$cache/test-photos" "$sets"
