#!/bin/sh
# `make check`: format, lint, types, arrows and migrations, while the tests given as words run beside them.
# Each step is named before it runs, and the last line on standard error names those that failed.
set -u
: "${PYTHON:=.venv/bin/python}"

said=$(mktemp)
tests=""
# Nothing goes on at work behind a person who gave up.
trap 'test -z "$tests" || kill "$tests" 2>/dev/null; rm -f "$said"' EXIT
trap 'exit 130' INT TERM

"$@" >"$said" 2>&1 &
tests=$!

failed=""
step() {
    name=$1
    shift
    echo "check: $name"
    "$@" || failed="$failed $name"
}
step format "$PYTHON" -m ruff format --check .
step lint "$PYTHON" -m ruff check .
step types "$PYTHON" -m mypy
step arrows "${PYTHON%/*}/lint-imports" --no-logo
step migrations "$PYTHON" -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
echo "check: tests"
wait "$tests" || failed="$failed tests"
tests=""
cat "$said"
[ -z "$failed" ] && exit 0
echo "check: failed:$failed" >&2
exit 1
