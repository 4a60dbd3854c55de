#!/usr/bin/env bash
# Put the audit's block into a Hugging Face dataset card, in the place of an older one.
#   ./update-dataset-card.sh report.json README.md
set -euo pipefail
report=$1 card=$2
block=$(mktemp)
trap 'rm -f "$block" "$block.new"' EXIT
auditor report "$report" -o dataset-card="$block"
if grep -q '<!-- provenance-audit:start -->' "$card"; then
  awk -v block="$block" '
    /<!-- provenance-audit:start -->/ { while ((getline line < block) > 0) print line; skip = 1 }
    !skip { print }
    /<!-- provenance-audit:end -->/ { skip = 0 }
  ' "$card" > "$block.new"
  cat "$block.new" > "$card"
else
  { echo; cat "$block"; } >> "$card"
fi
