# shellcheck shell=bash
# The demonstration database of bin/run: the template, the suite, a garage, five people with passwords.

DEMO_DB="demo"
LOGINS=(advisor technician parts manager accountant admin)

demo_addons() { # what the demonstration shows, as far as the checkout has it
    local name list=""
    for name in auto_service auto_service_demo; do
        if [[ -f "$ROOT/$name/__manifest__.py" ]]; then list+="${list:+,}$name"; fi
    done
    printf '%s' "$list"
}

code_stamp() { # changes with every line of our addons, their tests left out
    (cd "$ROOT" && find . -path ./.cache -prune -o -path ./tests -prune -o -path '*/tests' -prune -o \
        -path ./node_modules -prune -o -type f -path './auto_service*' ! -name '*.pyc' -print0 |
        sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16)
}

install_demo() { # [fresh]: build it, or bring it up to the code; own data stays
    local new="${DEMO_DB}_new" stamp secrets_missing="" login
    stamp="$(code_stamp)"
    for login in "${LOGINS[@]}"; do
        [[ -s "$CACHE/secrets/$login" ]] || secrets_missing=yes
        make_secret "$login"
    done
    if [[ "${1:-}" != fresh && -n "$(db_stamp "$DEMO_DB")" ]]; then
        if [[ "$(db_stamp "$DEMO_DB")" != "$stamp" ]]; then upgrade_demo "$stamp"; fi
        if [[ -n "$secrets_missing" ]] || ! passwords_hold; then
            demo_script "$DEMO_DB"
            remember_passwords
        fi
        say "already there"
        return 0
    fi
    db_clone "$new"
    follow demo "installing $(demo_addons)" odoo -d "$new" -i "$(demo_addons)" \
        --stop-after-init --no-http --max-cron-threads=0 || demo_failed "$new"
    demo_script "$new" || demo_failed "$new"
    db_finish "$new" "$DEMO_DB" "$stamp"
    remember_passwords
}

# The printed passwords must be the ones that open the door, whatever happened since.
passwords_print() {
    local logins
    printf -v logins "'%s'," "${LOGINS[@]}"
    sql "$DEMO_DB" "
        SELECT md5(string_agg(login || ':' || COALESCE(password, ''), ',' ORDER BY login))
          FROM res_users WHERE login IN (${logins%,})"
}

remember_passwords() { passwords_print >"$CACHE/demo.passwords"; }

passwords_hold() {
    [[ -f "$CACHE/demo.passwords" && "$(passwords_print)" == "$(<"$CACHE/demo.passwords")" ]]
}

demo_failed() {
    db_drop "$1"
    die "the demonstration database could not be built"
}

upgrade_demo() { # STAMP: the code changed since; the data stays
    follow demo-upgrade "the addons changed: upgrading the demonstration database" \
        odoo -d "$DEMO_DB" -i "$(demo_addons)" -u auto_service_base --stop-after-init --no-http --max-cron-threads=0 ||
        die "the upgrade failed. bin/run --fresh makes a new demonstration database"
    sql postgres "COMMENT ON DATABASE \"$DEMO_DB\" IS '$1'"
}

demo_script() { # DATABASE: passwords, and the first page's style sheets and scripts
    follow demo-users "setting passwords and preparing the first page" shell_script "$1" "$LIB/demo_users.py"
}

# On standard input: Odoo's --shell-file is read only when a person sits at a terminal.
shell_script() { odoo shell -d "$1" --no-http <"$2"; }

demo_urls() { # PORT: where reports fetch their style sheets, and what links in mails say
    sql "$DEMO_DB" "
        INSERT INTO ir_config_parameter (key, value) VALUES
            ('report.url', 'http://127.0.0.1:$1'), ('web.base.url', 'http://localhost:$1'),
            ('web.base.url.freeze', 'True')
        ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
}

print_logins() { # PORT
    local login
    printf '\n  http://localhost:%s\n\n' "$1"
    for login in "${LOGINS[@]}"; do
        printf '  %-12s %s\n' "$login" "$(<"$CACHE/secrets/$login")"
    done
    printf '\n  Ctrl-C stops it. The log is %s\n\n' "$LOGS/server.log"
}
