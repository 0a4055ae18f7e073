#!/usr/bin/env bash
# Runs a command with a screen, a session bus and an unlocked keychain of its own, and folders of its own for what
# programs keep. Everything that was started ends with the command, also when that is broken off.
#
#     scripts/with-screen.sh cargo test --features custom-protocol --test window -- --test-threads=1
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || fail "Say what to run: $0 COMMAND..."
for program in Xvfb dbus-daemon dbus-send gnome-keyring-daemon xdotool xclip pgrep; do
    command -v "$program" >/dev/null || fail "$program is missing. Run scripts/setup.sh test"
done

private=$(mktemp -d)
# Ends every process that carries our mark in its environment: also those that their parents left behind.
end_all() {
    local file
    for file in $(grep -lzxF "XDG_RUNTIME_DIR=$private/run" /proc/[0-9]*/environ 2>/dev/null); do
        kill "-$1" "$(basename "${file%/environ}")" 2>/dev/null || true
    done
}

finish() {
    trap - EXIT INT TERM HUP
    end_all TERM
    for _ in {1..20}; do
        [ -n "$(jobs -rp)" ] || break
        sleep 0.1
    done
    end_all KILL
    rm -rf "$private"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# wait_until WHAT COMMAND...
wait_until() {
    local what=$1
    shift
    for _ in {1..300}; do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    cat "$private"/*.log >&2
    fail "$what did not start"
}

unset WAYLAND_DISPLAY OPENAI_API_KEY
mkdir -m 700 "$private/run"
export XDG_RUNTIME_DIR="$private/run" XDG_DATA_HOME="$private/data" XDG_CONFIG_HOME="$private/config"
export XDG_CACHE_HOME="$private/cache" XDG_STATE_HOME="$private/state"
# No helpers of a desktop, no graphics card, and the same language everywhere.
export NO_AT_BRIDGE=1 GSETTINGS_BACKEND=memory GIO_USE_VFS=local GDK_BACKEND=x11
export WEBKIT_DISABLE_DMABUF_RENDERER=1 LC_ALL=C.UTF-8 LANGUAGE=en

# Without -noreset the screen starts anew when its last client leaves, and refuses who comes at that moment.
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp -noreset 3>"$private/display" 2>"$private/screen.log" &

# Starts nothing by itself: what answers on this bus was started here.
cat >"$private/bus.conf" <<END
<busconfig>
  <type>session</type>
  <listen>unix:path=$private/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
dbus-daemon --config-file="$private/bus.conf" --nofork --nopidfile 2>"$private/bus.log" &
export DBUS_SESSION_BUS_ADDRESS="unix:path=$private/bus"
wait_until "The session bus" test -S "$private/bus"

gnome-keyring-daemon --foreground --unlock --components=secrets \
    --control-directory="$private/run/keyring" >"$private/keychain.log" 2>&1 <<<"" &
keychain_answers() {
    [[ $(dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets) == *'boolean true'* ]]
}
wait_until "The keychain" keychain_answers
wait_until "The screen" test -s "$private/display"
DISPLAY=:$(cat "$private/display")
export DISPLAY

"$@" &
wait $!
