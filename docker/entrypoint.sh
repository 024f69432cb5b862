#!/usr/bin/env bash
# Entry point of the container.
#   serve [OPTION...]   the server (what the image does by default)
#   init                create the database with the suite, or upgrade what is outdated
#   anything else       an Odoo command line, for example: db list, shell -d garage
#
# Passwords come from files and nowhere else. Without them it does not start.
set -euo pipefail

CONF="${ODOO_CONF:-/var/lib/odoo/odoo.conf}"
DATA="${ODOO_DATA:-/var/lib/odoo}"
ADDONS="${ODOO_ADDONS:-/mnt/extra-addons}"
SHARE="${AUTO_SERVICE_SHARE:-/usr/local/share/auto-service}"
DATABASE="${AUTO_SERVICE_DB:-garage}"
LANGUAGE="${AUTO_SERVICE_LANGUAGE:-en_US}"
MODULES="${AUTO_SERVICE_MODULES:-auto_service}"
DB_HOST="${DB_HOST:-db}"
DB_PORT="${DB_PORT:-5432}"
DB_USER="${DB_USER:-odoo}"

refuse() {
    printf 'auto-service: %s\n' "$*" >&2
    exit 78
}

secret() { # VARIABLE: what is in the file that $VARIABLE names
    local file="${!1:-}" value
    [[ -n "$file" ]] || refuse "$1 is not set; it names the file with that password"
    [[ -r "$file" ]] || refuse "$file ($1) cannot be read"
    value="$(head -n 1 "$file" | tr -d '\r')"
    ((${#value} >= 12)) || refuse "the password in $file ($1) is shorter than 12 characters"
    printf '%s' "$value"
}

write_conf() { # every password is checked before anything is written
    local master db_password
    master="$(secret MASTER_PASSWORD_FILE)"
    db_password="$(secret DB_PASSWORD_FILE)"
    umask 077
    cat >"$CONF.new" <<CONF
[options]
addons_path = $ADDONS
data_dir = $DATA
admin_passwd = $master
db_host = $DB_HOST
db_port = $DB_PORT
db_user = $DB_USER
db_password = $db_password
db_name = $DATABASE
list_db = False
proxy_mode = ${PROXY_MODE:-False}
CONF
    mv "$CONF.new" "$CONF"
    export ODOO_RC="$CONF" PGHOST="$DB_HOST" PGPORT="$DB_PORT" PGUSER="$DB_USER" PGPASSWORD="$db_password"
}

wait_for_database() {
    local tries=0
    until pg_isready -q -t 2; do
        tries=$((tries + 1))
        ((tries < ${DB_PATIENCE:-60})) || refuse "no answer from the database server at $DB_HOST:$DB_PORT"
        sleep 1
    done
}

database_exists() {
    psql -X -At -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$DATABASE'" | grep -q 1
}

suite_is_installed() {
    psql -X -At -d "$DATABASE" -c "SELECT 1 FROM ir_module_module WHERE name = '${MODULES%%,*}'
        AND state = 'installed'" 2>/dev/null | grep -q 1
}

init() {
    local admin
    admin="$(secret ADMIN_PASSWORD_FILE)"
    if database_exists && suite_is_installed; then
        exec odoo module upgrade --outdated -d "$DATABASE" all
    fi
    # An init that was cut short leaves a database without the suite: begin again.
    odoo db init "$DATABASE" --force --language "$LANGUAGE" --username admin --password "$admin"
    odoo shell -d "$DATABASE" --no-http <"$SHARE/first_start.py"
    odoo -d "$DATABASE" -i "$MODULES" --stop-after-init --no-http
}

write_conf
wait_for_database
case "${1:-serve}" in
    init) init ;;
    serve) exec odoo server "${@:2}" ;;
    *) exec odoo "$@" ;;
esac
