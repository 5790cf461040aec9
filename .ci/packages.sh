#!/usr/bin/env bash
# Installs what the checks need beside Rust and a C compiler: PostgreSQL with PostGIS, strace, and Node.
set -euo pipefail

wanted=()
compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null \
    || wanted+=(postgresql-15 postgresql-15-postgis-3)
command -v strace >/dev/null || wanted+=(strace)
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)

if [ ${#wanted[@]} -eq 0 ]; then
    echo 'PostgreSQL with PostGIS, strace and Node are there'
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing, and not to be installed by this user here: ${wanted[*]}" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
echo "installed: ${wanted[*]}"
