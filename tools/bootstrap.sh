#!/bin/sh
# Makes .uv/ (the installer) and .venv/ (what runs everyfamily) from the locks in requirements/.
# Needs only a Python >= 3.12 that has pip and venv, under any name. Quick when nothing has changed.
#
#   tools/bootstrap.sh             make both, with the tools of development, or do nothing if they are up to date
#   tools/bootstrap.sh --product   for real work: only what the product needs (requirements/lock.txt)
#   tools/bootstrap.sh --find      only name the Python that would be used
#
# A folder that was made with --product is never made the other way: the tools of development, some under licences of
# their own (AGPL, GPL), do not belong on a machine with a master key.
#
# EVERYFAMILY_PYTHON names a Python to use. Your own pip settings (index, links, certificate) hold for uv too.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
stop() { say "everyfamily: $*"; exit 2; }

# Every place where a Python may be, newest first; a wrong guess only costs a failed test.
candidates() {
    if [ -n "${EVERYFAMILY_PYTHON:-}" ]; then
        printf '%s\n' "$EVERYFAMILY_PYTHON"
        return
    fi
    for version in 3.14 3.13 3.12; do
        command -v "python$version" 2>/dev/null || true
        for folder in /usr/bin /usr/local/bin /opt/homebrew/bin; do
            printf '%s\n' "$folder/python$version"
        done
        for root in "${PYENV_ROOT:-}" "${HOME:-}/.pyenv" /opt/pyenv; do
            if [ -n "$root" ]; then
                ls -d "$root/versions/$version".*/bin/python3 2>/dev/null || true
            fi
        done
    done
    command -v python3 2>/dev/null || true
    command -v python 2>/dev/null || true
}

# Only making one shows whether a Python can: Debian splits ensurepip off, pyenv leaves dead shims.
suits() {
    [ -x "$1" ] || return 1
    "$1" -c 'import sys; sys.exit(not ((3, 12) <= sys.version_info[:2] < (3, 15)))' </dev/null >/dev/null 2>&1 || return 1
    rm -rf .uv.try
    if "$1" -m venv .uv.try </dev/null >/dev/null 2>&1 && .uv.try/bin/python -m pip --version >/dev/null 2>&1; then
        # A shim such as pyenv's may point elsewhere tomorrow: keep the program behind it.
        real=$("$1" -c 'import sys; print(sys.executable)')
        rm -rf .uv.try
        printf '%s\n' "$real"
        return 0
    fi
    rm -rf .uv.try
    return 1
}

find_python() {
    candidates | while IFS= read -r candidate; do
        if suits "$candidate"; then break; fi
    done
}

# Carries pip's own settings over to uv, which does not read them. What you set for uv yourself stays.
carry_over() { # carry_over NAME-IN-PIP NAME-IN-UV
    eval "own=\${$2:-}"
    [ -z "$own" ] || return 0
    for section in :env: install global; do
        value=$(printf '%s\n' "$settings" | sed -n "s/^$section\.$1='\(.*\)'\$/\1/p")
        if [ -n "$value" ]; then
            # pip writes several values of one setting with \n between them; uv wants spaces.
            value=$(printf '%s' "$value" | sed 's/\\n/ /g; s/^ *//')
            export "$2=$value"
            return 0
        fi
    done
}

digest() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1
}

# The folder is in the digest too: a virtual environment that was moved or copied does not run.
wanted() { # wanted FILE...
    { pwd -P; cat "$@"; } | digest
}

is_made() { # is_made FOLDER DIGEST
    [ -x "$1/bin/python" ] && [ "$(cat "$1/everyfamily-stamp" 2>/dev/null)" = "$2" ] && "$1/bin/python" -c '' 2>/dev/null
}

case "${1:-}" in
    --find) find_python; exit 0 ;;
    --product) kind=product; locks="requirements/lock.txt" ;;
    "")
        kind=development; locks="requirements/lock.txt requirements/dev.txt"
        if [ "$(cat .venv/everyfamily-kind 2>/dev/null)" = product ]; then
            stop "this folder is installed for real work, without the tools that make needs. Use another checkout for make, or delete .venv here first. To bring it up to date, use tools/bootstrap.sh --product."
        fi
        ;;
    *) stop "tools/bootstrap.sh does not know $1. It takes --product, --find or nothing." ;;
esac

uv_digest=$(wanted requirements/uv.txt)
# shellcheck disable=SC2086  # names of files without blanks
venv_digest=$(wanted $locks requirements/uv.txt pyproject.toml)
if is_made .uv "$uv_digest" && is_made .venv "$venv_digest"; then
    exit 0
fi

python=$(find_python)
if [ -z "$python" ]; then
    stop "no Python from 3.12 to 3.14 with pip and venv was found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv, where that is 3.12 or newer) or name one: EVERYFAMILY_PYTHON=/path/to/python make demo."
fi

if ! is_made .uv "$uv_digest"; then
    say "everyfamily: bringing uv into .uv, with $python"
    rm -rf .uv
    "$python" -m venv .uv
    .uv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
        -r requirements/uv.txt </dev/null || stop "pip could not install uv. Check the network, or the index in your pip settings, and try again."
    printf '%s\n' "$uv_digest" > .uv/everyfamily-stamp
fi

settings=$(.uv/bin/python -m pip config list 2>/dev/null || true)
carry_over index-url UV_DEFAULT_INDEX
carry_over extra-index-url UV_INDEX
carry_over find-links UV_FIND_LINKS
carry_over cert SSL_CERT_FILE
carry_over trusted-host UV_INSECURE_HOST
# pip trusts the machine's own certificates, and a council's proxy often needs that: so does uv here.
if [ -z "${SSL_CERT_FILE:-}${SSL_CERT_DIR:-}${UV_SYSTEM_CERTS:-}" ] && [ -s /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS=1
fi
# With several indexes take the file whose digest is in the lock, wherever it lies.
export UV_INDEX_STRATEGY="${UV_INDEX_STRATEGY:-unsafe-best-match}"
export UV_PYTHON_DOWNLOADS=never
export UV_LINK_MODE="${UV_LINK_MODE:-copy}"
export UV_NO_PROGRESS="${UV_NO_PROGRESS:-1}"

say "everyfamily: installing what $locks names into .venv"
if ! .venv/bin/python -c '' 2>/dev/null || [ "$(cat .venv/everyfamily-folder 2>/dev/null)" != "$(pwd -P)" ]; then
    rm -rf .venv
    .uv/bin/uv venv --quiet --no-config --python "$python" .venv
    pwd -P > .venv/everyfamily-folder
fi
rm -f .venv/everyfamily-stamp
# Compiled here: where PYTHONDONTWRITEBYTECODE is set each command would compile all of it again, for two seconds.
# shellcheck disable=SC2086  # names of files without blanks
.uv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes $locks </dev/null \
    || stop "uv could not install the locked packages. Check the network, or the index in your uv or pip settings, and try again."
rm -rf .uv/built
.uv/bin/python -m hatchling build --target wheel:editable --directory .uv/built </dev/null >/dev/null 2>&1 || stop "hatchling could not build everyfamily itself. Is pyproject.toml as it came?"
.uv/bin/uv pip install --quiet --python .venv/bin/python --no-index --no-deps .uv/built/*.whl </dev/null
.venv/bin/python -m compileall -q src
printf '%s\n' "$kind" > .venv/everyfamily-kind
printf '%s\n' "$venv_digest" > .venv/everyfamily-stamp
