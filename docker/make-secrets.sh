#!/usr/bin/env bash
# Random passwords for compose.yml, one file each, made once. Files that exist are kept.
set -euo pipefail
cd "${1:-$(dirname "$(readlink -f "$0")")}"
mkdir -p secrets
for name in db_password master_password admin_password; do
    [[ -s "secrets/$name" ]] && continue
    head -c 600 /dev/urandom | tr -dc 'a-km-zA-HJ-NP-Z2-9' | head -c 24 >"secrets/$name.new"
    # Readable by all: the container's user is not the owner. The folder keeps others out.
    chmod 644 "secrets/$name.new"
    mv "secrets/$name.new" "secrets/$name"
    printf 'made %s\n' "$PWD/secrets/$name"
done
chmod 700 secrets
