#!/usr/bin/env bash
# What is found, asked of the program's own command line, where the right answers are known. Arguments: measures, or none for
# all. PROGRAM names another program than the one of `make run`.
. "$(dirname "$0")/common.sh"

program="$target/local/fotonovela"
[ -x "$program" ] || program="$target/debug/fotonovela"
program=$(realpath "${PROGRAM:-$program}")
[ -x "$program" ] || fail "There is no program. Run 'make run' once, or name one: make bench-quality PROGRAM=..."
venv="$cache/quality-venv"
wanted=(pillow==13.0.0)
if [ "$(cat "$venv/done" 2>/dev/null)" != "${wanted[*]}" ]; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}"
    echo "${wanted[*]}" >"$venv/done"
fi
"$root/scripts/test-photos.sh"
cd "$root"
say "Asking $program"
"$venv/bin/python" benches/quality/main.py "$program" "$cache" "$@"
