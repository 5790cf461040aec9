#!/usr/bin/env bash
# Rules of the house that no compiler checks.
set -euo pipefail

broken=0
# Prints a rule and the places that break it, when there are any.
rule() {
    local text=$1 places=$2
    [ -z "$places" ] && return 0
    broken=1
    printf '%s:\n' "$text" >&2
    printf '%s\n' "$places" | sed 's/^/  /' >&2
}

sources() { git ls-files -- 'crates/*.rs' 'migrations/*.rs' 'tests/*.rs'; }

rule 'a Rust file has at most 500 lines' \
    "$(sources | xargs -r wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 }')"
rule 'a file says at its head what lives in it' \
    "$(sources | xargs -r awk 'FNR == 1 && !/^\/\/!/ { print FILENAME }')"
rule 'nothing is left unfinished or switched off without a reason' \
    "$(git grep -nE 'todo!\(|unimplemented!\(|#\[ignore\]|FIXME|XXX' -- '*.rs' || true)"
rule 'the database in use is named in dialect.rs and in migrations alone' \
    "$(git grep -nE '\bDbBackend\b|\bDatabaseBackend\b' -- 'crates/*.rs' ':!crates/persistence/src/dialect.rs' || true)"
rule 'the domain knows no runtime, database or API' \
    "$(git grep -nE '^(tokio|sea-orm|async-graphql|actix-web)\b' -- crates/domain/Cargo.toml || true)"
rule 'GraphQL stays in the gateway' \
    "$(git grep -lE '^async-graphql\b' -- 'crates/*/Cargo.toml' | grep -v '^crates/gateway/' || true)"
rule 'the client that integrators copy knows no crate of the registry' \
    "$(git grep -nE '\byulin_[a-z]+\b' -- 'tests/client/*.rs' || true)"
# Paths as documents write them: whole, or short for a crate's sources.
named_paths() {
    git grep -hoE '`(crates|migrations|tests|docs|schema|\.ci|domain|persistence|gateway)/[A-Za-z0-9_./-]+`' -- '*.md' \
        | tr -d '\140' | sort -u
}
missing_paths() {
    local path whole
    while read -r path; do
        case $path in
            domain/src/* | persistence/src/* | gateway/src/*) whole=crates/$path ;;
            domain/* | persistence/* | gateway/*) whole=crates/${path%%/*}/src/${path#*/} ;;
            *) whole=$path ;;
        esac
        [ -e "$whole" ] || echo "$path"
    done
}
rule 'documents name files that are there' "$(named_paths | missing_paths)"
catalogue=crates/domain/src/error_catalogue/code.rs
untold() {
    local code text
    # By its name, or by its text where whoever tells it knows no catalogue.
    sed -nE 's/^    ([A-Z][A-Za-z0-9]+) = "([A-Z0-9_]+)".*/\1 \2/p' "$catalogue" | while read -r code text; do
        git grep -qE "\b(ErrorCode|Self|E)::$code\b|\"$text\"" -- 'crates/*/src/*.rs' ":!$catalogue" ':!*_tests.rs' || echo "$code"
    done
}
rule 'every code of the catalogue is told by something' "$(untold)"
rule 'no script but .ci/run knows where test data lie' \
    "$(git grep -nF '../shared' -- ':!.ci/run' ':!.ci/tidy.sh' || true)"

[ "$broken" -eq 0 ] && echo "$(sources | wc -l) Rust files, tidy"
exit "$broken"
