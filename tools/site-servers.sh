#!/bin/sh
# Sees to it that what the tests of the served parent site need is there: nginx, Caddy, the Nu HTML checker with a Java
# runtime, and wrk for the bench. As root with apt they are installed. What is missing then is skipped, loudly; under
# CI=true that is a failure.
set -eu
cd "$(dirname "$0")/.."

checker=tools/html-checker
# nginx and others lie in sbin, which is not on everybody's path.
PATH="$PATH:/usr/sbin:/usr/local/sbin"

has() { command -v "$1" >/dev/null 2>&1; }
lacks_checker() { ! cmp -s $checker/package-lock.json $checker/node_modules/made-from.json; }

packages=""
has nginx || packages="$packages nginx-light"
has caddy || packages="$packages caddy"
has wrk || packages="$packages wrk"
has java || packages="$packages default-jre-headless"
has npm || packages="$packages npm"

if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && has apt-get; then
    echo "everyfamily: installing$packages, for the tests of the served parent site" >&2
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # Debian starts a server that it installs. These serve nothing but tests, each by a process of the test's own, so
    # installing must not leave one listening: a policy that refuses every start stands while apt runs.
    policy=/usr/sbin/policy-rc.d
    ours=""
    if [ ! -e $policy ]; then
        ours=yes
        trap 'rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
    fi
    # shellcheck disable=SC2086 # a list of packages
    if ! { apt-get update && apt-get install -y --no-install-recommends $packages; } </dev/null >"$log" 2>&1; then
        # One that this system does not have must not keep the others away.
        for package in $packages; do
            apt-get install -y --no-install-recommends "$package" </dev/null >"$log" 2>&1 || tail -n 5 "$log" >&2
        done
    fi
    rm -f "$log"
    # Installing also enables them for the next start of the machine.
    if has systemctl; then
        for name in nginx caddy; do
            case "$packages" in *"$name"*) systemctl disable "$name" >/dev/null 2>&1 || true ;; esac
        done
    fi
    if [ -n "$ours" ]; then
        rm -f $policy
        trap - EXIT
    fi
fi

if lacks_checker && has npm; then
    log=$(mktemp)
    if (cd $checker && npm ci) </dev/null >"$log" 2>&1; then
        cp $checker/package-lock.json $checker/node_modules/made-from.json
    else
        tail -n 5 "$log" >&2
    fi
    rm -f "$log"
fi

missing=""
has nginx || missing="$missing nginx,"
has caddy || missing="$missing caddy,"
has java || missing="$missing a Java runtime,"
[ -e $checker/node_modules/vnu-jar/build/dist/vnu.jar ] || missing="$missing the Nu HTML checker (npm),"
has wrk || echo "everyfamily: there is no wrk here; only bench/parent_site_served.py needs it" >&2
[ -n "$missing" ] || exit 0

if [ "${CI:-}" = true ]; then
    echo "everyfamily: missing and not to be installed here:${missing%,}. Under CI the tests of the served parent site must run." >&2
    exit 2
fi
cat >&2 <<MESSAGE
************************************************************************
  Tests of the served parent site are SKIPPED, for want of:
 ${missing%,}
  Debian: sudo apt-get install nginx-light caddy wrk default-jre-headless npm
  and then: cd $checker && npm ci
************************************************************************
MESSAGE
