#!/usr/bin/env bash
# Nothing that the checks made or regenerated differs from what is committed.
set -euo pipefail

changed=$(git status --porcelain)
if [ -n "$changed" ]; then
    printf 'the working tree has changed:\n%s\n' "$changed" >&2
    git --no-pager diff --stat
    exit 1
fi
echo 'the working tree is clean'
