#!/usr/bin/env bash
# Licences, bans and sources of the dependency tree. The advisory database is on the network and is not asked.
set -euo pipefail

version=0.20.2
root=${CARGO_TARGET_DIR:-target}/tools
deny=$root/bin/cargo-deny
if ! "$deny" --version 2>/dev/null | grep -qF "$version"; then
    # Its own target folder: flags and features of the project must not rebuild it.
    CARGO_TARGET_DIR="$root/build" cargo install cargo-deny --quiet --locked --version "$version" --root "$root"
    rm -rf "$root/build"
fi
"$deny" --log-level error check licenses bans sources
