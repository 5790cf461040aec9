#!/usr/bin/env bash
# How long adjacent parcels take to be imported, every rule checked and every one durable, beside ogr2ogr, which checks
# nothing.
#
#   tests/bench/import.sh [SIDE] [YULIN]      SIDE x SIDE parcels, 1000 where nothing is said
#
# Both read one CSV file with WKT and write a new SQLite file. Needs node and ogr2ogr (gdal-bin).
set -euo pipefail
side=${1:-1000}
yulin=${2:-target/release/yulin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timed() {
    local name=$1 start end
    shift
    start=$(date +%s.%N)
    "$@" >"$work/said" 2>"$work/complaints" || { cat "$work/said" "$work/complaints" >&2; return 1; }
    end=$(date +%s.%N)
    awk -v name="$name" -v from="$start" -v to="$end" 'BEGIN { printf "| %s | %.1f s |\n", name, to - from }'
}

target="sqlite://$work/target.sqlite?mode=rwc"
node "$(dirname "${BASH_SOURCE[0]}")/field.mjs" "$side" >"$work/field.csv"
"$yulin" --json district add --database "$target" --code M --name Field --profile open --crs EPSG:4549 >/dev/null
import=("$yulin" --json import parcels "$work/field.csv" --crs EPSG:4549 --district M --map code=code,name=name
    --database "$target" --report "$work/report.ndjson")
echo "| $((side * side)) parcels | time |"
echo '|---|---|'
timed 'yulin import parcels' "${import[@]}"
tail -n 1 "$work/said"
timed 'the same import again' "${import[@]}"
tail -n 1 "$work/said"
timed 'yulin verify' "$yulin" --json verify --database "$target"
timed 'ogr2ogr into a new file' ogr2ogr -f SQLite -dsco SPATIALITE=NO -a_srs EPSG:4549 "$work/copy.sqlite" "$work/field.csv" \
    -oo GEOM_POSSIBLE_NAMES=wkt -oo KEEP_GEOM_COLUMNS=NO
stat -c '%s bytes of registry' "$work/target.sqlite"
