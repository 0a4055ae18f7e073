#!/usr/bin/env bash
# Installs what building (and with the argument `test`, testing) needs and the machine lacks, and says what and why
# before it asks for anything. Safe to run again: a machine that has everything is left alone.
. "$(dirname "$0")/common.sh"

# package:what it is for
build_packages=(
    build-essential:"the C parts of SQLite and libjpeg-turbo"
    pkg-config:"finding the system's libraries"
    cmake:"building libjpeg-turbo"
    nasm:"the fast paths of libjpeg-turbo (JPEG) and rav1d (AVIF)"
    libde265-dev:"HEIC photos of cameras (4:2:2 and 4:4:4)"
    libtiff-dev:"TIFF photos"
    libwebkit2gtk-4.1-dev:"the window"
    python3-pip:"fetching ONNX Runtime"
    unzip:"unpacking ONNX Runtime"
)
test_packages=(
    xvfb:"a screen for the window's tests"
    xauth:"the same"
    dbus:"a session bus for the window's tests"
    webkit2gtk-driver:"driving the window"
    xdotool:"real keys for the window's tests"
    xclip:"a real clipboard for them"
    procps:"finding the page's process in them"
    python3-venv:"Milvus Lite for the tests of vector stores"
    gnome-keyring:"a real keychain for the key's tests"
    chromium:"the interface's tests in a browser"
    fonts-dejavu-core:"letters on the test screen"
)

packages=("${build_packages[@]}")
[ "${1:-build}" = test ] && packages+=("${test_packages[@]}")

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
has_candidate() { [[ $(LC_ALL=C apt-cache policy "$1") =~ Candidate:\ [^\(] ]]; }

missing=()
for entry in "${packages[@]}"; do
    name=${entry%%:*}
    [ "$name" = chromium ] && command -v chromium chromium-browser google-chrome >/dev/null && continue
    is_installed "$name" || missing+=("$entry")
done
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || fail "This needs Debian or Ubuntu. Elsewhere, install what these packages hold: ${missing[*]%%:*}"
    say "These system packages are missing and will be installed:"
    for entry in "${missing[@]}"; do printf '  %-24s %s\n' "${entry%%:*}" "${entry#*:}" >&2; done
    sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "Installing needs root and there is no sudo. Run as root: apt-get install ${missing[*]%%:*}"
        say "Installing them needs your password (sudo)."
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq
    names=()
    for name in "${missing[@]%%:*}"; do
        # Ubuntu's name for the browser.
        [ "$name" = chromium ] && ! has_candidate chromium && name=chromium-browser
        names+=("$name")
    done
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${names[@]}" >/dev/null
fi

# version_at_least HAVE WANT
version_at_least() { printf '%s\n%s\n' "$2" "$1" | sort --check=silent --version-sort; }

wanted_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
have_rust=$(rustc --version 2>/dev/null | cut -d' ' -f2 || true)
version_at_least "${have_rust:-0}" "$wanted_rust" ||
    fail "Rust $wanted_rust or newer is needed (found: ${have_rust:-none}). Get it with rustup: https://rustup.rs"

wanted_node=20.19.0
have_node=$(node --version 2>/dev/null | tr -d v || true)
version_at_least "${have_node:-0}" "$wanted_node" ||
    fail "Node.js $wanted_node or newer is needed (found: ${have_node:-none}). Get it from https://nodejs.org"

"$root/scripts/resources.sh"

if [ ! -e "$root/ui/node_modules/.package-lock.json" ] || [ "$root/ui/package-lock.json" -nt "$root/ui/node_modules/.package-lock.json" ]; then
    say "Fetching the packages of the interface"
    npm --prefix "$root/ui" ci --silent
fi
