# shellcheck shell=bash
# Shared by every script in bin/: where things live, and how to speak about them.
# Source it; it sets shell options and variables and runs nothing that changes the machine.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
CACHE="${AUTO_SERVICE_CACHE:-$ROOT/.cache}"
LIB="$ROOT/bin/lib"
VENV="$CACHE/venv"
PY="$VENV/bin/python"
LOGS="$CACHE/log"
DATA_DIR="$CACHE/data"
ODOO_CONF="$CACHE/odoo.conf"
TEMPLATE_DB="tpl_deps"
STARTED_AT="${STARTED_AT:-$SECONDS}"

export AUTO_SERVICE_ROOT="$ROOT" AUTO_SERVICE_CACHE="$CACHE"
# Debian's own interpreter comes first: a user's pyenv shim may be out of reach for others.
HOST_PYTHON="${AUTO_SERVICE_PYTHON:-}"
[[ -n "$HOST_PYTHON" ]] || { [[ -x /usr/bin/python3 ]] && HOST_PYTHON=/usr/bin/python3; } || HOST_PYTHON=python3

use_data_dir() { # DIR: everything goes there in place of .cache
    mkdir -p "$1"
    CACHE="$(cd "$1" && pwd -P)"
    VENV="$CACHE/venv" PY="$CACHE/venv/bin/python" LOGS="$CACHE/log"
    DATA_DIR="$CACHE/data" ODOO_CONF="$CACHE/odoo.conf"
    export AUTO_SERVICE_CACHE="$CACHE"
}

elapsed() { # seconds since the command started, as m:ss
    local s=$((SECONDS - STARTED_AT))
    printf '%d:%02d' $((s / 60)) $((s % 60))
}

say() { printf '%s\n' "       $*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

STEP=0
STEPS="${STEPS:-0}"
step() { # TEXT: a numbered heading with the time so far
    STEP=$((STEP + 1))
    printf '[%d/%d] %s  %s\n' "$STEP" "$STEPS" "$(elapsed)" "$*" >&2
}

follow() { # LOG TEXT COMMAND...: run it quietly, tell every ten seconds how far it is
    local log="$LOGS/$1.log" text="$2" pid rc=0 tick=0
    shift 2
    mkdir -p "$LOGS"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        tick=$((tick + 1))
        ((tick % 50)) || say "$(elapsed)  $text … $(last_words "$log")"
    done
    wait "$pid" || rc=$?
    if ((rc)); then
        tail -n 25 "$log" >&2
        printf 'error: %s failed (%d); the whole log is %s\n' "$text" "$rc" "$log" >&2
    fi
    return "$rc"
}

last_words() { # the last line of a log, short enough for one line of a terminal
    # Odoo counts its modules in lines of their own; what stands between them tells nobody much.
    { grep -o 'Loading module [^ ]* ([0-9/]*)' "$1" || tail -c 2000 "$1" | tr '\r' '\n'; } |
        grep -v -e '^[[:space:]]*$' -e '^WARNING: ' | tail -n 1 |
        sed -E 's/^[0-9-]+ [0-9:,]+ [0-9]+ [A-Z]+ [^ ]+ [^ ]+: //' | cut -c 1-70 || true
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo -- "$@"; fi
}

hash_of() { # words and files ('@path'): a short hash of all of them
    local item
    for item in "$@"; do
        if [[ "$item" == @* ]]; then cat "${item#@}"; else printf '%s\n' "$item"; fi
    done | sha256sum | cut -c 1-16
}

# --- components: folders in the cache, each complete or absent -------------

component_is_current() { # NAME STAMP
    [[ -f "$CACHE/$1/.stamp" && "$(<"$CACHE/$1/.stamp")" == "$2" ]]
}

component() { # NAME STAMP BUILDER: make $CACHE/NAME unless it carries the stamp already
    local name="$1" stamp="$2" builder="$3" new="$CACHE/$1.new"
    component_is_current "$name" "$stamp" && return 1
    # Whatever a killed run left behind under the temporary names is not used.
    rm -rf "$new" "$CACHE/$name.old"
    mkdir -p "$new"
    "$builder" "$new" || die "$name could not be built; nothing of it is kept. Run the command again."
    printf '%s\n' "$stamp" >"$new/.stamp"
    [[ ! -e "$CACHE/$name" ]] || mv "$CACHE/$name" "$CACHE/$name.old"
    mv "$new" "$CACHE/$name"
    rm -rf "$CACHE/$name.old"
}

with_lock() { # COMMAND...: one at a time for each cache folder
    mkdir -p "$CACHE"
    if [[ "${AUTO_SERVICE_LOCKED:-}" == "$CACHE" ]]; then
        "$@"
        return
    fi
    exec 9>"$CACHE/.lock"
    if ! flock -n 9; then
        say "another setup is at work in $CACHE; waiting for it"
        flock 9
    fi
    AUTO_SERVICE_LOCKED="$CACHE" "$@"
    exec 9>&-
}

# --- the host --------------------------------------------------------------

locate_odoo() { # sets ODOO_BIN and ODOO_PYTHONPATH, fails when there is no Odoo
    local home="${ODOO_HOME:-$CACHE/odoo}"
    if [[ -x "$home/odoo-bin" || -f "$home/odoo-bin" ]]; then
        ODOO_BIN="$home/odoo-bin" ODOO_PYTHONPATH="$home"
        ODOO_ADDONS="$home/addons"
    elif [[ -f "$home/usr/bin/odoo" ]]; then
        ODOO_BIN="$home/usr/bin/odoo"
        ODOO_PYTHONPATH="$home/usr/lib/python3/dist-packages"
        ODOO_ADDONS=""
    else
        return 1
    fi
}

require_odoo() {
    locate_odoo && [[ -x "$PY" ]] || die "Odoo is not set up yet. Run bin/setup first."
}

addons_path() { # [with-tests]: host addons of a Git checkout, ours, and those of tests/
    local path="$ROOT"
    [[ -z "$ODOO_ADDONS" ]] || path="$path,$ODOO_ADDONS"
    if compgen -G "$ROOT/tests/*/__manifest__.py" >/dev/null; then path="$path,$ROOT/tests"; fi
    printf '%s' "$path"
}

odoo() { # any Odoo command line with our configuration
    (exec_odoo "$@")
}

exec_odoo() { # ODOO_PREFIX: a command that runs the server, word by word
    require_odoo
    export PYTHONPATH="$ODOO_PYTHONPATH${PYTHONPATH:+:$PYTHONPATH}" ODOO_RC="$ODOO_CONF"
    export PYTHONWARNINGS="${PYTHONWARNINGS:-ignore::DeprecationWarning}"
    # shellcheck disable=SC2086 # several words on purpose
    exec ${ODOO_PREFIX:-} "$PY" "$ODOO_BIN" "$@"
}

claim_cache() { # a cache folder belongs to one checkout: both would write the same configuration
    local owner=""
    if [[ -f "$CACHE/checkout" ]]; then owner="$(<"$CACHE/checkout")"; fi
    if [[ "$owner" == "$ROOT" ]]; then return 0; fi
    [[ -z "$owner" || ! -e "$owner/bin/setup" ]] ||
        die "$CACHE belongs to the checkout $owner; choose another folder with --data-dir"
    printf '%s\n' "$ROOT" >"$CACHE/checkout"
}

write_odoo_conf() {
    claim_cache
    local new="$ODOO_CONF.$$" password_file="$CACHE/secrets/master"
    make_secret master
    cat >"$new" <<EOF
[options]
addons_path = $(addons_path)
admin_passwd = $(<"$password_file")
data_dir = $DATA_DIR
db_host = $PG_SOCKET
db_port = $PG_PORT
db_user = odoo
db_template = template0
http_interface = 127.0.0.1
without_demo = True
max_cron_threads = 0
EOF
    chmod 600 "$new"
    mv "$new" "$ODOO_CONF"
}

make_secret() { # NAME: a random password, made once and kept
    local file="$CACHE/secrets/$1"
    [[ ! -s "$file" ]] || return 0
    mkdir -p "$CACHE/secrets"
    chmod 700 "$CACHE/secrets"
    (umask 077 && head -c 400 /dev/urandom | tr -dc 'a-km-z2-9' | head -c 12 >"$file.new")
    mv "$file.new" "$file"
}
