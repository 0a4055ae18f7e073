# Sourced by the scripts: where things lie and how to speak. Everything fetched goes to one cache outside the checkout.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache="${FOTONOVELA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fotonovela}"
# What is started from here finds the same cache, whatever else it changes.
export FOTONOVELA_CACHE="$cache"
target="${CARGO_TARGET_DIR:-$root/target}"

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() {
    printf '\033[31m%s\033[0m\n' "$*" >&2
    exit 1
}
