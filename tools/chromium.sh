#!/bin/sh
# Sees to it that Debian's Chromium is there for the browser journeys.
# As root with apt it is installed. Without it the journeys are skipped, loudly; under CI=true that is a failure.
# With it comes the shell of it without a window, where Debian has one: most journeys then take less than half the time.
set -eu

found() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

if [ -n "${EVERYFAMILY_CHROMIUM:-}" ] && [ -x "$EVERYFAMILY_CHROMIUM" ]; then exit 0; fi
# Arial, or a font of its widths, as on every parent's machine: a wide stand-in makes lines that no parent sees.
arial() { command -v fc-match >/dev/null 2>&1 && fc-match Arial | grep -qiE 'arial|liberation|arimo'; }
shell=chromium-headless-shell
offered() { apt-cache show $shell >/dev/null 2>&1; }
quick() { command -v $shell >/dev/null 2>&1 || ! offered; }
if found && arial && quick; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "everyfamily: installing Chromium, and a font of Arial's widths, for the browser journeys" >&2
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    { apt-get update && apt-get install -y --no-install-recommends chromium fontconfig fonts-liberation \
        && { ! offered || apt-get install -y --no-install-recommends $shell; }; } </dev/null >"$log" 2>&1 \
        || tail -n 5 "$log" >&2
    rm -f "$log"
fi
if found; then exit 0; fi

if [ "${CI:-}" = true ]; then
    echo "everyfamily: Chromium is not here and could not be installed, and under CI the browser journeys must run. Install the package chromium." >&2
    exit 2
fi
cat >&2 <<'MESSAGE'
************************************************************************
  The browser journeys are SKIPPED: there is no Chromium on this machine.
  Install the package chromium (Debian: sudo apt-get install chromium),
  or name one with EVERYFAMILY_CHROMIUM=/path/to/chromium, to run them.
************************************************************************
MESSAGE
