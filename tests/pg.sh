#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# A private PostgreSQL cluster for the tests, from Debian's package, out of everybody's way:
# its own folder, a socket in that folder, no network, no system service.
#
#   tests/pg.sh start DIR   make it (once), start it (if it is not running), print its URL
#   tests/pg.sh url DIR     print its URL
#   tests/pg.sh stop DIR    stop it (if it is running); the folder stays, for the caller to remove
#
# PostgreSQL refuses to run as root: then it runs as the user “postgres” of the package, who
# owns DIR. Nothing here has to survive a power cut, so fsync is off; page checksums are on, as
# in production. Names sort by code point, as they do in SQLite.
set -eu

fail() { printf 'tests/pg.sh: %s\n' "$*" >&2; exit 1; }

[ $# = 2 ] || fail 'usage: tests/pg.sh start|url|stop DIR'
case $2 in /*) dir=$2 ;; *) dir=$PWD/$2 ;; esac
# A socket's whole path has to fit into 107 bytes.
[ "$(printf %s "$dir" | wc -c)" -le 85 ] || fail "choose a shorter folder than $dir"
bin=/usr/lib/postgresql/15/bin
[ -x $bin/postgres ] || fail 'PostgreSQL 15 is not installed (./run --install check)'

unprivileged()
{
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        (cd / && exec "$@")
    fi
}

url()
{
    host=$(printf %s "$dir" | sed 's/%/%25/g; s/ /%20/g; s/[?]/%3F/g; s/&/%26/g; s/#/%23/g')
    printf 'postgresql://doorstep@/doorstep?host=%s\n' "$host"
}

running() { [ -d "$dir/data" ] && unprivileged $bin/pg_ctl -D "$dir/data" status >/dev/null 2>&1; }

make_cluster()
{
    mkdir -p "$dir"
    if [ "$(id -u)" = 0 ]; then
        chown postgres: "$dir"
    fi
    chmod 700 "$dir"
    rm -rf "$dir/new"
    unprivileged $bin/initdb -D "$dir/new" -U doorstep --auth=trust --data-checksums --no-sync \
        --encoding=UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 ||
        fail "initdb did not work: $(tail -n 3 "$dir/initdb.log")"
    cat >>"$dir/new/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$(printf %s "$dir" | sed "s/'/''/g")'
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 60
logging_collector = off
END
    mv "$dir/new" "$dir/data" # a cluster half made is never mistaken for one
}

start()
{
    [ -d "$dir/data" ] || make_cluster
    running ||
        unprivileged $bin/pg_ctl -D "$dir/data" -l "$dir/server.log" -w -s start >/dev/null ||
        fail "the server did not start: $(tail -n 3 "$dir/server.log")"
    # createdb's own question, asked first: starting again is not an error.
    unprivileged $bin/psql -h "$dir" -U doorstep -d postgres -qAtc \
        "SELECT 1 FROM pg_database WHERE datname = 'doorstep'" | grep -q 1 ||
        unprivileged $bin/createdb -h "$dir" -U doorstep doorstep
    url
}

case $1 in
start) start ;;
url) url ;;
stop) ! running || unprivileged $bin/pg_ctl -D "$dir/data" -m immediate -w -s stop ;;
*) fail "start, url or stop, not '$1'" ;;
esac
