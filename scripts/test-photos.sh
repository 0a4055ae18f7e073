#!/usr/bin/env bash
# Lays real photos where the tests look for them: test-photos in the cache. They come from Debian packages of
# wallpapers (licences: the packages' copyright files, kept beside them) and are never part of the app.
. "$(dirname "$0")/common.sh"

packages=(lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 mate-backgrounds plasma-workspace-wallpapers)
photos="$cache/test-photos"
[ -e "$photos/done-1" ] && exit 0

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    fail "The test photos come from Debian packages; this needs Debian or Ubuntu. Elsewhere, put 20 different photos (JPEG) into a folder and set FOTONOVELA_TEST_PHOTOS to it"
say "Fetching test photos (170 MB, once)"
mkdir -p "$cache"
work=$(mktemp -d -p "$cache")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "${packages[@]}" 2>"$work/log" || {
    cat "$work/log" >&2
    fail "The test photos could not be fetched. Run 'apt-get update' as root, then try again"
}
mkdir photos photos/licences
for package in "${packages[@]}"; do
    dpkg-deb -x "$package"_*.deb unpacked
    cp -L "unpacked/usr/share/doc/$package/copyright" "photos/licences/$package"
done
cp unpacked/usr/share/backgrounds/*.jpg unpacked/usr/share/backgrounds/mate/nature/*.jpg photos/
# Most of Plasma's wallpapers are drawings; the photos among them come in this size.
for wallpaper in unpacked/usr/share/wallpapers/*/contents/images/2560x1600.jpg; do
    name=${wallpaper#unpacked/usr/share/wallpapers/}
    cp "$wallpaper" "photos/${name%%/*}.jpg"
done
chmod -R u+rw,go+r photos
touch photos/done-1
rm -rf "$photos"
mv photos "$photos"
