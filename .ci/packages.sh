#!/usr/bin/env bash
# Installs what the checks need beside Rust and a C compiler: PostgreSQL with PostGIS, strace, Node, the readers
# of GIS desks, and a browser with letters.
set -euo pipefail

wanted=()
compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null \
    || wanted+=(postgresql-15 postgresql-15-postgis-3)
command -v strace >/dev/null || wanted+=(strace)
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)
command -v ogrinfo >/dev/null || wanted+=(gdal-bin)
[ -d "$(python3 -c 'import ensurepip; print(ensurepip.__path__[0])' 2>/dev/null)" ] || wanted+=(python3-venv)
command -v chromium >/dev/null || wanted+=(chromium)
compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || wanted+=(fonts-noto-cjk)

if [ ${#wanted[@]} -eq 0 ]; then
    echo 'what is needed is there'
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
