#!/usr/bin/env bash
# Compile GOV.UK Frontend with our theme into the stylesheet that the screens use. Needs npm. The result is committed, so
# that neither a build nor a test needs it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
npm install --prefix "$place" --silent --no-audit --no-fund govuk-frontend@6.6.0 sass@1.108.2
"$place/node_modules/.bin/sass" --load-path="$place/node_modules" --style=compressed --no-source-map --no-charset \
  --quiet-deps "$here/theme.scss" "$here/../../src/everyfamily/staff/static/staff/govuk.css"
