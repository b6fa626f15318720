# A private PostgreSQL on a loopback port and a socket, with one superuser and no passwords.
# shellcheck shell=bash
#
# It forgets everything at the end and never waits for the disk, so it says nothing about a power cut.

start_postgres() {
    postgres_dir="$run_dir/postgres"
    postgres_bin=$(postgres_programs)
    mkdir "$postgres_dir" "$postgres_dir/data"
    own_by_server_user "$postgres_dir"
    as_server_user env LC_ALL=C "$postgres_bin/initdb" --pgdata "$postgres_dir/data" --username postgres --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync --no-instructions >"$run_dir/postgres.log" 2>&1 \
        || { tail -n 5 "$run_dir/postgres.log" >&2; die "initdb failed"; }
    start_with_retries postgres INT attempt_postgres
    export TEST_PG_URL="postgres://postgres@127.0.0.1:$postgres_port/postgres"
    export TEST_PG_SOCKET_DIR="$postgres_dir"
}

attempt_postgres() {
    postgres_port=$(free_port)
    # shellcheck disable=SC2046 # the options are words
    launch postgres INT $(give_up_root) "$postgres_bin/postgres" -D "$postgres_dir/data" \
        -c port="$postgres_port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$postgres_dir" \
        -c max_connections=300 -c shared_buffers=128MB -c timezone=UTC -c log_min_messages=warning \
        -c fsync=off -c full_page_writes=off -c autovacuum_naptime=10s
    wait_until_up "$launched" "$postgres_bin/pg_isready" --quiet --host "$postgres_dir" --port "$postgres_port" --username postgres
}
