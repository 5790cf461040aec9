#!/usr/bin/env bash
# The TypeScript client as its users have it: types made of the schema, compiled strictly, its tests, and its examples
# against a demo server, which listens on a free loopback port and is ended by its own id.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=$(realpath "${YULIN_BINARY:-target/debug/yulin}")
work=$(mktemp -d)
server=

finish() {
    local status=$?
    if [ -n "$server" ] && kill "$server" 2>/dev/null; then
        wait "$server" || true
    fi
    if [ "$status" -ne 0 ] && [ -f "$work/server.log" ]; then
        # Keys of the demo are worth nothing once it has ended; they are left out all the same.
        echo 'the server said last:' >&2
        tail -n 20 "$work/server.log" | grep -vi 'yulin_' >&2 || true
    fi
    rm -rf "$work"
}
trap finish EXIT

# What git knows or would take, so that nothing of an earlier build is tested.
git ls-files -co --exclude-standard -z crates/gateway/client-ts | xargs -0 cp --parents -t "$work"
package=$work/crates/gateway/client-ts
cp schema/yulin.graphql "$package/schema.graphql"
cd "$package"

# Tells what a step printed only when it fails.
step() {
    local name=$1
    shift
    if "$@" >"$work/step.log" 2>&1; then
        echo "$name: passed$(sed -n 's/^# pass \(.*\)/, \1 tests/p' "$work/step.log")"
    else
        echo "$name: FAILED" >&2
        grep -A 30 -E '^ *not ok|error|Error' "$work/step.log" >&2 || cat "$work/step.log" >&2
        exit 1
    fi
}

npm install --silent --no-audit --no-fund --ignore-scripts >/dev/null
step build npm run build
step examples npm run build:tests
step units npm test

# The package as it is published, with nothing beside it.
installed() (
    npm pack --silent --ignore-scripts --pack-destination "$work" && cd "$work" \
        && npm install --silent --no-audit --no-fund --ignore-scripts --no-package-lock ./yulin-client-*.tgz \
        && node --input-type=module -e "
            import { readFileSync } from 'node:fs';
            import { newActId, YulinClient } from '@yulin/client';
            import { schema } from '@yulin/client/codegen';
            new YulinClient({ url: 'http://127.0.0.1/graphql' });
            if (newActId().length !== 36 || !readFileSync(schema, 'utf8').includes('type Query')) process.exit(1);"
)
step package installed

port=$(node -e "const s = require('net').createServer(); s.listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
# Whoever has no key is soon told to wait.
(cd "$work" && exec env -u YULIN_DATABASE "$binary" serve --demo --profile development --public-rate 10000/500 \
    --bind "127.0.0.1:$port" >server.log 2>&1 </dev/null) &
server=$!
# It tells its keys once it listens. An unoptimised build takes its time over the demo zone.
for _ in $(seq 600); do
    if grep -q '^ *VENUE ' "$work/server.log" 2>/dev/null; then break; fi
    if ! kill -0 "$server" 2>/dev/null; then
        echo 'the server ended before it was ready' >&2
        exit 1
    fi
    sleep 1
done
for role in PLANNER VENUE; do
    export "YULIN_${role}_KEY=$(sed -n "s/^ *$role *//p" "$work/server.log")"
done
export YULIN_URL=http://127.0.0.1:$port/graphql
step registry npm run test:registry
