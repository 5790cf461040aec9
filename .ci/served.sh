#!/usr/bin/env bash
# A demo server in a profile, asked from outside by a script: one beside this, as suites.mjs, which runs those in the folder
# YULIN_SUITES, or one that is named by its path. It listens on a free loopback port and is ended by its own id.
# `bash .ci/served.sh SCRIPT PROFILE [ARGUMENTS OF THE SCRIPT]`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

script=$(basename "$1") profile=$2
folder=$(dirname "$1")
if [ "$folder" = . ]; then folder=.ci; fi
shift 2
binary=$(realpath "${YULIN_BINARY:-target/debug/yulin}")
work=$(mktemp -d)
server=

finish() {
    local status=$?
    if [ -n "$server" ] && kill "$server" 2>/dev/null; then
        wait "$server" || true
    fi
    if [ "$status" -ne 0 ] && [ -f "$work/server.log" ]; then
        # Tokens of the demo are worth nothing once it has ended; they are left out all the same.
        echo 'the server said last:' >&2
        tail -n 20 "$work/server.log" | grep -vi 'yulin_' >&2 || true
    fi
    rm -rf "$work"
}
trap finish EXIT

cp "$folder"/*.mjs "$work/"
if grep -q "from 'graphql-http'" "$work/$script"; then
    (cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts graphql@16.15.0 graphql-http@1.23.1 >/dev/null)
elif [ "$script" = suites.mjs ]; then
    cp "${YULIN_SUITES:?names no folder of suites}"/*.mjs "$YULIN_SUITES/package.json" "$work/"
    cp "$YULIN_SUITES"/*.sh "$YULIN_SUITES"/*.py "$work/"
    (cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts >/dev/null)
    if [ "$profile" = development ]; then
        python3 -m venv "$work/venv"
        "$work/venv/bin/pip" install --quiet OWSLib==0.35.0 mapbox-vector-tile==2.2.0 shapely
    fi
elif [ "$script" = schemathesis.mjs ]; then
    cp "$folder"/schemathesis/*.py "$work/"
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet schemathesis==4.32.5
fi

port=$(node -e "const s = require('net').createServer(); s.listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
(cd "$work" && exec env -u YULIN_DATABASE "$binary" serve --demo --profile "$profile" --bind "127.0.0.1:$port" >server.log 2>&1 </dev/null) &
server=$!

# An unoptimised build takes its time over the demo zone.
for _ in $(seq 600); do
    if ! kill -0 "$server" 2>/dev/null; then
        echo 'the server ended before it was ready' >&2
        exit 1
    fi
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 1
done

# It tells its keys once it listens.
for _ in $(seq 50); do
    if grep -q '^ *AUDITOR ' "$work/server.log"; then break; fi
    sleep 0.1
done
YULIN_KEY=$(sed -n 's/^ *AUDITOR *//p' "$work/server.log")
YULIN_ADMIN_KEY=$(sed -n 's/^ *ADMIN *//p' "$work/server.log")
export YULIN_KEY YULIN_ADMIN_KEY
cd "$work"
node "$script" "http://127.0.0.1:$port" "${@:-$profile}"
