#!/usr/bin/env bash
# Starts a PostgreSQL and a MariaDB of its own, from Debian's packages, and runs the tests against them:
#   tests/databases/run.sh [--required] [COMMAND…]
# Without COMMAND: cargo test --locked --test databases. Without the packages the tests are skipped, and say so; with
# --required they are installed, and nothing is skipped. Everything is in a temporary folder that goes at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."

required=
if [ "${1:-}" = --required ]; then
    required=1
    shift
fi
[ $# -gt 0 ] || set -- cargo test --locked --test databases

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
if [ -n "$required" ] && ! { [ -n "$(postgres_bin)" ] && command -v mariadbd && command -v openssl; } >/dev/null; then
    apt-get update -qq
    # No cluster of Debian's own: the servers below are all that is wanted.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        postgresql mariadb-server openssl >/dev/null
fi
pg=$(postgres_bin)
if [ -z "$pg" ] || ! command -v mariadbd >/dev/null || ! command -v openssl >/dev/null; then
    [ -z "$required" ] || { echo "PostgreSQL or MariaDB is missing" >&2; exit 1; }
    echo "!!! DATABASE TESTS SKIPPED: PostgreSQL or MariaDB is not installed (--required installs them)" >&2
    exit 0
fi

base=$(mktemp -d /tmp/vigie-databases.XXXXXX)
chmod 755 "$base"
stop() {
    "$base/postgres" stop >/dev/null 2>&1 || true
    "$base/mysql" stop >/dev/null 2>&1 || true
    rm -rf "$base"
}
trap stop EXIT

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}
pg_port=$(free_port)
my_port=$(free_port)
while [ "$my_port" = "$pg_port" ]; do my_port=$(free_port); done

# Servers refuse to run as root.
if [ "$(id -u)" = 0 ]; then
    as_pg=(runuser -u postgres --)
    my_user=mysql
else
    as_pg=()
    my_user=$(id -un)
fi

# An authority of our own, and one certificate for both servers.
mkdir "$base/tls" "$base/pg" "$base/my" "$base/run"
(
    cd "$base/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Vigie test authority' -keyout ca.key -out ca.pem
    openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem \
        -extfile <(printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n')
    cp server.key pg.key
    cp server.key my.key
) >/dev/null 2>&1
chmod 644 "$base/tls/"*.pem
chmod 600 "$base/tls/"*.key
if [ "$(id -u)" = 0 ]; then
    chown postgres "$base/pg" "$base/tls/pg.key"
    chown mysql "$base/my" "$base/tls/my.key"
    chmod 1777 "$base/run"
fi

# What the tests restart, stop and start: `DIR/postgres restart`.
cat >"$base/postgres" <<END
#!/bin/sh
# start | stop | restart, at once, as a crash or an operator would
cd /
exec ${as_pg[*]} $pg/pg_ctl -s -w -D $base/pg/data -l $base/pg/log -m immediate "\$1"
END
cat >"$base/mysql" <<END
#!/bin/sh
stop() {
    [ -e $base/my/pid ] || return 0
    pid=\$(cat $base/my/pid)
    kill -9 "\$pid" 2>/dev/null || true
    while kill -0 "\$pid" 2>/dev/null; do sleep 0.05; done
    rm -f $base/my/pid
}
start() {
    mariadbd --no-defaults --user=$my_user --datadir=$base/my/data --socket=$base/run/mysql.sock --port=$my_port \
        --bind-address=127.0.0.1 --pid-file=$base/my/pid --log-error=$base/my/log --skip-name-resolve \
        --innodb-flush-log-at-trx-commit=2 --innodb-buffer-pool-size=64M --innodb-log-file-size=256M \
        --max-allowed-packet=128M --performance-schema=off \
        --ssl-ca=$base/tls/ca.pem --ssl-cert=$base/tls/server.pem --ssl-key=$base/tls/my.key </dev/null >/dev/null 2>&1 &
    for i in \$(seq 200); do
        mariadb-admin --no-defaults --socket=$base/run/mysql.sock -uroot ping >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    tail -20 $base/my/log >&2
    return 1
}
case "\$1" in
    start) start ;;
    stop) stop ;;
    restart) stop; start ;;
esac
END
chmod 755 "$base/postgres" "$base/mysql"

(cd / && "${as_pg[@]}" "$pg/initdb" -D "$base/pg/data" -U vigie_admin -E UTF8 --locale=C.UTF-8 --no-sync --auth-local=trust \
    --auth-host=scram-sha-256 >/dev/null)
cat >>"$base/pg/data/postgresql.conf" <<END
port = $pg_port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$base/run'
fsync = off
ssl = on
ssl_ca_file = '$base/tls/ca.pem'
ssl_cert_file = '$base/tls/server.pem'
ssl_key_file = '$base/tls/pg.key'
END
"$base/postgres" start
(cd / && "${as_pg[@]}" "$pg/psql" -q -h "$base/run" -p "$pg_port" -U vigie_admin postgres \
    -c "ALTER USER vigie_admin PASSWORD 'essai'")

mariadb-install-db --no-defaults --user="$my_user" --datadir="$base/my/data" --auth-root-authentication-method=normal \
    --skip-test-db >/dev/null
"$base/mysql" start
mariadb --no-defaults --socket="$base/run/mysql.sock" -uroot -e \
    "CREATE USER vigie_admin@'127.0.0.1' IDENTIFIED BY 'essai'; GRANT ALL ON *.* TO vigie_admin@'127.0.0.1' WITH GRANT OPTION"

export VIGIE_TEST_POSTGRES="postgres://vigie_admin:essai@127.0.0.1:$pg_port/postgres"
export VIGIE_TEST_MYSQL="mysql://vigie_admin:essai@127.0.0.1:$my_port/mysql"
export VIGIE_TEST_SERVERS="$base"
"$@"
