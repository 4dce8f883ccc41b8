#!/usr/bin/env bash
# Runs a command with LUODI_TEST_ADMIN_URL naming a fresh PostgreSQL 15 server of Debian's, which is
# installed if need be, listens on loopback only, and is removed afterwards.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
if [ ! -x "$bin/initdb" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "PostgreSQL 15 is not installed here: this run is skipped (install postgresql-15)."
    exit 0
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql-15 >/dev/null
fi
folder=$(mktemp -d)
run() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  run() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
echo "$password" >"$folder/password"
chmod 644 "$folder/password"
cd /
run "$bin/initdb" -D "$folder/data" -U postgres -A scram-sha-256 --pwfile="$folder/password" \
  --locale=C.UTF-8 --encoding=UTF8 >/dev/null
run "$bin/pg_ctl" -D "$folder/data" -w -s -l "$folder/log" \
  -o "-c listen_addresses=127.0.0.1 -p $port -k $folder -c fsync=off -c max_connections=200" start
trap 'run "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop; rm -rf "$folder"' EXIT
cd - >/dev/null
LUODI_TEST_ADMIN_URL="postgresql://postgres:$password@127.0.0.1:$port/postgres" "$@"
