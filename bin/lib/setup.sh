# shellcheck shell=bash
# The steps of bin/setup. Each is complete, or leaves nothing that a later run would use.

DEB_FRIENDS=(fonts-font-awesome fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b
    libjs-jquery libjs-jquery-form libjs-underscore)
# English first: the first one becomes the default of the users and of the company.
LANGUAGES="en_US,ru_RU,et_EE,hu_HU"
ODOO_GIT="${AUTO_SERVICE_ODOO_GIT:-https://github.com/odoo/odoo.git}"

# --- packages of the system -------------------------------------------------

missing_packages() { # GROUP...: Debian packages whose probe is not there
    local group package probes probe found
    while read -r group package probes; do
        [[ " $* " == *" $group "* ]] || continue
        found=""
        for probe in ${probes//|/ }; do
            if compgen -G "$probe" >/dev/null; then found=yes; fi
        done
        [[ -n "$found" ]] || printf '%s\n' "$package"
    done < <(grep -v '^#' "$ROOT/requirements/system.txt")
}

install_packages() { # GROUP...
    local packages
    mapfile -t packages < <(missing_packages "$@")
    ((${#packages[@]})) || { say "nothing is missing"; return 0; }
    command -v apt-get >/dev/null || die "install these by hand, this is no Debian: ${packages[*]}"
    say "missing: ${packages[*]}"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "sudo is not installed. As root, run: apt-get install ${packages[*]}"
        say "sudo may ask for your password now"
        sudo true
    fi
    keep_system_cluster_away
    follow apt-update "reading the package lists" apt_get update
    follow apt-install "$(apt_size install "${packages[@]}")" apt_get install -y \
        --no-install-recommends "${packages[@]}"
    mapfile -t packages < <(missing_packages "$@")
    ((${#packages[@]} == 0)) || die "still missing after apt-get install: ${packages[*]}"
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
        apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

apt_size() { # what apt-get says that it will download
    local size
    size="$(apt-get --no-install-recommends \
        --print-uris -y "$@" 2>/dev/null | awk '/^.http|^.file|^.copy|^.mirror/ {sum += $3} END {printf "%d", sum / 1e6}')"
    printf 'installing packages (%s MB to download)' "${size:-?}"
}

keep_system_cluster_away() {
    # Installing PostgreSQL would start a server of its own on port 5432. We bring our own cluster,
    # so tell Debian's scripts not to, unless PostgreSQL is here already or somebody configured it.
    local conf=/etc/postgresql-common/createcluster.conf
    [[ -e /etc/postgresql-common ]] && return 0
    as_root mkdir -p /etc/postgresql-common
    printf 'create_main_cluster = false\n' | as_root tee "$conf" >/dev/null
}

# --- Odoo ---------------------------------------------------------------------

odoo_stamp() { hash_of odoo-5 "${DEB_FRIENDS[@]}"; }

install_odoo() {
    if [[ -n "${ODOO_HOME:-}" ]]; then
        locate_odoo || die "ODOO_HOME=$ODOO_HOME holds neither odoo-bin nor usr/bin/odoo"
        say "ODOO_HOME: $ODOO_HOME"
        return 0
    fi
    if component odoo "$(odoo_stamp)" build_odoo; then
        say "unpacked: $(du -sh "$CACHE/odoo" | cut -f 1)"
    else
        say "already there"
    fi
    locate_odoo || die "$CACHE/odoo holds no Odoo; remove it and run bin/setup again"
}

build_odoo() { # FOLDER: the Debian package, or else a clone of the public repository
    if odoo_from_debian "$1"; then
        stand_in_files "$1/usr/lib/python3/dist-packages/odoo/addons"
        return
    fi
    say "no Debian package odoo-19 to be had: cloning the public repository, branch 19.0"
    rm -rf "${1:?}"
    follow odoo-clone "cloning Odoo (about 300 MB)" \
        git clone --quiet --depth 1 --branch 19.0 "$ODOO_GIT" "$1"
}

odoo_from_debian() { # FOLDER
    local mirror keyring debs="$CACHE/debs" lists="$CACHE/apt" arch
    command -v apt-get >/dev/null || return 1
    read -r mirror keyring < <("$HOST_PYTHON" "$LIB/apt_mirror.py") || return 1
    mkdir -p "$debs" "$lists/lists/partial"
    arch="$(dpkg --print-architecture)"
    printf 'deb [signed-by=%s arch=%s] %s sid main\n' "$keyring" "$arch" "$mirror" >"$lists/sid.list"
    # Lists and source are ours alone: the system's apt never hears of sid.
    local sid=(-o "Dir::Etc::sourcelist=$lists/sid.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$lists/lists" -o Acquire::Retries=3 -o APT::Sandbox::User=)
    follow odoo-lists "reading the list of sid" apt-get -q "${sid[@]}" update || return 1
    (cd "$debs" && follow odoo-download "downloading Odoo (122 MB) and its fonts" \
        apt-get -q "${sid[@]}" download odoo-19 "${DEB_FRIENDS[@]}") || return 1
    unpack_debs "$debs" "$1" || return 1
    rm -rf "$debs" "$lists"
}

unpack_debs() { # FROM TO: unpacked side by side, so that the links between them resolve
    local deb
    for deb in "$1"/*.deb; do
        say "$(elapsed)  unpacking $(basename "$deb") ($(du -h "$deb" | cut -f 1))"
        # never the system's own folders: everything lands below TO
        dpkg-deb -x "$deb" "$2" || return 1
    done
    [[ -f "$2/usr/bin/odoo" ]]
}

stand_in_files() { # ADDONS
    # Debian left this file out of the package. Without it every page logs an error in the
    # browser, which fails every tour. It blurs the background of video calls; nothing else.
    local file="$1/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if [[ -d "$1/mail" && ! -e "$file" ]]; then
        mkdir -p "$(dirname "$file")"
        printf '/* not part of the Debian package */\n' >"$file"
    fi
}

# --- Python -------------------------------------------------------------------

venv_stamp() { # REQUIREMENTS...
    local files=() file
    for file in "$@"; do files+=("@$ROOT/requirements/$file.txt"); done
    hash_of venv-2 "$("$HOST_PYTHON" -c 'import sys; print(sys.version, sys.executable)')" "$CACHE" "${files[@]}"
}

install_venv() { # NAME REQUIREMENTS...
    local name="$1"
    shift
    VENV_REQUIREMENTS=("$@") VENV_NAME="$name"
    if component_is_current "$name" "$(venv_stamp "$@")" && ! "$CACHE/$name/bin/python" -c '' 2>/dev/null; then
        say "the Python environment is broken: making a new one"
        rm -f "$CACHE/$name/.stamp"
    fi
    if component "$name" "$(venv_stamp "$@")" build_venv; then
        say "installed: $(du -sh "$CACHE/$name" | cut -f 1)"
    else
        say "already there"
    fi
}

build_venv() { # FOLDER
    local arguments=() name
    for name in "${VENV_REQUIREMENTS[@]}"; do arguments+=(-r "$ROOT/requirements/$name.txt"); done
    "$HOST_PYTHON" -m venv "$1" || return 1
    follow "$VENV_NAME" "installing Python packages" \
        "$1/bin/python" -m pip install --disable-pip-version-check --no-input \
        --progress-bar off --prefer-binary "${arguments[@]}" || return 1
    # The folder is moved to its place afterwards, and the scripts in it name the place.
    grep -rlIZ "$1" "$1/bin" | xargs -0 -r sed -i "s#$1#$CACHE/$VENV_NAME#g"
}

# --- the template database ------------------------------------------------------

template_stamp() { # MODULES
    hash_of template-4 "$(sha256sum <"$ODOO_PYTHONPATH/odoo/release.py")" "$1" "$LANGUAGES"
}

host_modules() { "$PY" "$LIB/manifests.py" host; }

install_template() { # NAME MODULES: host modules without demonstration data, to be cloned
    local name="$1" modules="$2" stamp new="$1_new"
    stamp="$(template_stamp "$modules")"
    if [[ "$(db_stamp "$name")" == "$stamp" ]]; then
        say "already there: $modules"
        return 0
    fi
    db_drop "$new"
    "$PG_BIN/createdb" -T template0 -E UTF8 --lc-collate=C "$new"
    # As Odoo does it for a database of its own: searches for a part of a text use it.
    sql "$new" "CREATE EXTENSION IF NOT EXISTS pg_trgm" >/dev/null
    say "$modules, without demonstration data"
    follow "$name" "installing the host's modules" \
        odoo -d "$new" -i "base,$modules" --load-language="$LANGUAGES" \
        --stop-after-init --no-http --max-cron-threads=0 || {
        db_drop "$new"
        die "the template database could not be built"
    }
    db_finish "$new" "$name" "$stamp"
    say "installed: $(sql postgres "SELECT pg_size_pretty(pg_database_size('$name'))")"
}

# --- all of it --------------------------------------------------------------------

setup_all() { # GROUP...: run, test or lint; 'run' is always part of it
    ((STEPS)) || STEPS=5
    claim_cache
    step "Debian packages"
    install_packages "$@"
    step "Odoo 19.0"
    install_odoo
    step "Python environment"
    install_venv venv odoo test
    step "PostgreSQL cluster"
    pg_ready
    write_odoo_conf
    say "socket folder $PG_SOCKET"
    step "template database $TEMPLATE_DB"
    install_template "$TEMPLATE_DB" "$(host_modules)"
    date -u +%FT%TZ >"$CACHE/READY"
}
