#!/usr/bin/env bash
# How long the parcels of a demo zone take to be imported, every rule checked, beside ogr2ogr, which checks nothing.
#
#   tests/bench/import.sh DEMO_DATABASE [YULIN]
#
# The file is exported from the demo in GeoPackage; each side writes a new SQLite file. Needs ogr2ogr (gdal-bin).
set -euo pipefail
demo=$1
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
echo '| work | time |'
echo '|---|---|'
timed 'export to GeoPackage' "$yulin" --json export parcels --database "$demo" --district PJEDZ --out "$work/zone.gpkg"
"$yulin" --json district add --database "$target" --code 330726 --name County --profile cn --crs EPSG:4549 >/dev/null
timed 'yulin import parcels' "$yulin" --json import parcels "$work/zone.gpkg" --database "$target" --district 330726 \
    --report "$work/report.ndjson" || true
tail -n 1 "$work/said"
timed 'the same import again' "$yulin" --json import parcels "$work/zone.gpkg" --database "$target" --district 330726 \
    --report "$work/report.ndjson" || true
tail -n 1 "$work/said"
timed 'yulin verify' "$yulin" --json verify --database "$target"
timed 'ogr2ogr into a new file' ogr2ogr -f GPKG "$work/copy.gpkg" "$work/zone.gpkg"
