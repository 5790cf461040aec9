#!/usr/bin/env bash
# The GraphQL schema that is checked in is the one that the code makes.
set -euo pipefail

made=$(mktemp)
trap 'rm -f "$made"' EXIT
cargo run --quiet --package yulin -- schema >"$made"
if ! diff -u schema/yulin.graphql "$made"; then
    echo 'schema/yulin.graphql is not what the command schema prints' >&2
    exit 1
fi
echo "$(wc -l <"$made") lines of schema, equal"
