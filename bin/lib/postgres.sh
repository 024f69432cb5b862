# shellcheck shell=bash
# The checkout's own PostgreSQL cluster. It listens on a socket in a private folder and on no
# network port, so two checkouts cannot collide; PG_PORT is only part of the socket's name.

PG_PORT=5432

pg_paths() { # sets PG_DIR, PG_SOCKET and PG_BIN
    local candidate
    PG_DIR="$CACHE/pg"
    if [[ -f "$CACHE/pg.location" ]]; then PG_DIR="$(<"$CACHE/pg.location")"; fi
    PG_SOCKET="$PG_DIR/run"
    PG_BIN=""
    for candidate in /usr/lib/postgresql/*/bin; do
        # sorted by name: the newest of the two-digit versions wins
        [[ -x "$candidate/initdb" && -x "$candidate/pg_ctl" ]] && PG_BIN="$candidate"
    done
    if [[ -f "$PG_DIR/data/PG_VERSION" ]]; then
        candidate="/usr/lib/postgresql/$(cat "$PG_DIR/data/PG_VERSION" 2>/dev/null)/bin"
        if [[ -x "$candidate/pg_ctl" ]]; then PG_BIN="$candidate"; fi
    fi
    export PGHOST="$PG_SOCKET" PGPORT="$PG_PORT" PGUSER=odoo
}

as_pg() { # the server refuses to run as root
    if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

pg_choose_dir() { # a folder that the server's user can reach, with a socket name that is not too long
    local dir="$CACHE/pg" short
    mkdir -p "$dir"
    short="/var/tmp/auto-service-$(hash_of "$CACHE")"
    if ((EUID == 0)) && ! runuser -u postgres -- test -x "$dir" 2>/dev/null; then dir="$short"; fi
    # 107 characters are the kernel's limit for a socket's path
    if ((${#dir} > 80)); then dir="$short"; fi
    if [[ "$dir" != "$CACHE/pg" ]]; then
        printf '%s\n' "$dir" >"$CACHE/pg.location"
        say "the cluster goes to $dir: $CACHE is too deep, or closed to the server's user"
    fi
    pg_paths
}

pg_is_up() { "$PG_BIN/pg_isready" -q -t 2; }

pg_init() {
    local new="$PG_DIR/data.new"
    as_root_or_self rm -rf "$new" "$PG_DIR/data"
    mkdir -p "$PG_DIR" "$PG_SOCKET"
    if ((EUID == 0)); then chown postgres: "$PG_DIR" "$PG_SOCKET"; fi
    chmod 711 "$PG_DIR"
    chmod 700 "$PG_SOCKET"
    follow initdb "creating the cluster" as_pg "$PG_BIN/initdb" -D "$new" --username=postgres \
        --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync || return 1
    as_pg tee -a "$new/postgresql.conf" >/dev/null <<EOF
# Demonstration and tests: what was committed in the last second may be lost when the machine dies.
listen_addresses = ''
unix_socket_directories = '$PG_SOCKET'
unix_socket_permissions = 0700
port = $PG_PORT
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 128MB
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
random_page_cost = 1.1
log_min_duration_statement = -1
EOF
    as_pg mv "$new" "$PG_DIR/data"
}

as_root_or_self() { "$@"; }

pg_start() { # start what is there; fails when it does not come up
    pg_is_up && return 0
    [[ -f "$PG_DIR/data/PG_VERSION" ]] || return 1
    mkdir -p "$PG_SOCKET" "$LOGS"
    # 9>&-: the server must not keep the setup's lock open
    as_pg "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -l "$PG_DIR/server.log" -w -t 60 start \
        >/dev/null 2>&1 9>&- </dev/null || return 1
    pg_is_up
}

pg_stop() {
    [[ -n "$PG_BIN" && -f "$PG_DIR/data/postmaster.pid" ]] || return 0
    as_pg "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m fast -w stop >/dev/null 2>&1 || true
}

pg_ready() { # bring the cluster up, and make it anew when it cannot be brought up
    pg_choose_dir
    [[ -n "$PG_BIN" ]] || die "PostgreSQL is not installed. Run bin/setup."
    if ! pg_start; then
        if [[ -d "$PG_DIR/data" ]]; then
            say "the cluster does not start (see $PG_DIR/server.log): making a new one"
            rm -rf "$CACHE/pg.broken"
            mv "$PG_DIR/data" "$CACHE/pg.broken"
        fi
        pg_init && pg_start || die "PostgreSQL does not start; see $PG_DIR/server.log"
    fi
    sql_super postgres "SELECT 1 FROM pg_roles WHERE rolname = 'odoo'" | grep -q 1 ||
        sql_super postgres "CREATE ROLE odoo LOGIN CREATEDB"
}

sql_super() { PGUSER=postgres "$PG_BIN/psql" -X -q -At -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }
sql() { "$PG_BIN/psql" -X -q -At -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }

# --- databases, each with its filestore ------------------------------------

db_exists() { sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'" | grep -q 1; }

db_stamp() { # the stamp that a finished template carries as its comment
    sql postgres "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
}

db_drop() {
    "$PG_BIN/dropdb" --if-exists --force "$1" 2>/dev/null
    rm -rf "$DATA_DIR/filestore/$1"
}

db_clone() { # NEW [TEMPLATE]
    local new="$1" from="${2:-$TEMPLATE_DB}"
    db_exists "$from" || die "there is no database $from to clone. Run bin/setup."
    db_drop "$new"
    "$PG_BIN/createdb" -T "$from" "$new"
    mkdir -p "$DATA_DIR/filestore"
    if [[ -d "$DATA_DIR/filestore/$from" ]]; then
        cp -al "$DATA_DIR/filestore/$from" "$DATA_DIR/filestore/$new"
    fi
}

db_finish() { # TEMPORARY NAME STAMP: a template is complete once it bears its name and stamp
    rm -rf "$DATA_DIR/filestore/$2"
    [[ ! -d "$DATA_DIR/filestore/$1" ]] || mv "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"
    db_exists "$2" && "$PG_BIN/dropdb" --force "$2"
    sql postgres "BEGIN; ALTER DATABASE \"$1\" RENAME TO \"$2\"; COMMENT ON DATABASE \"$2\" IS '$3'; COMMIT"
}
