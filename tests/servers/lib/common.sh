# Words that every part of tests/servers/with uses: messages, ports, processes. Starts no server itself.
# shellcheck shell=bash

run_dir=
command_group=
heard=
# One "pid:signal" for each started server, oldest first.
started=()

die() {
    echo "tests/servers: $*" >&2
    exit 70
}

# Root needs no help; elsewhere sudo must work without asking, since nobody may be there to answer.
may_be_root() {
    [[ $EUID -eq 0 ]] || sudo -n true 2>/dev/null
}

as_root() {
    if [[ $EUID -eq 0 ]]; then "$@"; else sudo -n "$@"; fi
}

# The servers refuse to work as root, so then they run as nobody; a normal user runs them as himself.
server_user() {
    if [[ $EUID -eq 0 ]]; then echo nobody; else id -un; fi
}

server_group() {
    id -gn "$(server_user)"
}

# The plain options of setpriv that give up root, when there is root to give up.
give_up_root() {
    if [[ $EUID -eq 0 ]]; then
        echo "--reuid=$(id -u nobody) --regid=$(id -g nobody) --clear-groups"
    fi
}

as_server_user() {
    # shellcheck disable=SC2046 # the options are words
    setpriv $(give_up_root) "$@"
}

own_by_server_user() {
    [[ $EUID -ne 0 ]] || chown -R "$(server_user):$(server_group)" "$@"
}

# A loopback port that nobody listens on. The range lies below the one that the kernel hands out to
# clients. Another run can still take the port first, which is why every start is tried several times.
free_port() {
    local port
    for _ in {1..200}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    die "found no free port on 127.0.0.1"
}

# Starts a server in a process group of its own, so that Ctrl-C at the terminal does not reach it. Should
# this script be killed outright, the kernel sends SIGNAL to the server, as long as that keeps its user.
#   launch NAME SIGNAL COMMAND...     leaves the process id in $launched
launch() {
    local name=$1 signal=$2
    shift 2
    set -m
    setpriv --pdeathsig "$signal" "$@" </dev/null >>"$run_dir/$name.log" 2>&1 &
    launched=$!
    set +m
}

# Waits until PROBE succeeds or the process is gone or half a minute has passed.
#   wait_until_up PID PROBE...
wait_until_up() {
    local pid=$1 deadline=$((SECONDS + 30))
    shift
    while ((SECONDS < deadline)); do
        is_alive "$pid" || return 1
        # Someone else's server may answer on the port while ours has just failed to bind it.
        if "$@" 2>/dev/null && is_alive "$pid"; then return 0; fi
        sleep 0.05
    done
    return 1
}

is_alive() {
    [[ -e /proc/$1 ]] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# The server on PORT greets with a line that starts with GREETING.
greets() {
    local port=$1 greeting=$2 line
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    IFS= read -r -t 5 -u 3 line || line=
    exec 3>&- 3<&-
    [[ $line == "$greeting"* ]]
}

# Tries to start a server up to five times, each time on new ports.
#   start_with_retries NAME SIGNAL ATTEMPT     ATTEMPT starts it, leaves $launched, and tells whether it is up
start_with_retries() {
    local name=$1 signal=$2 attempt=$3
    for _ in {1..5}; do
        launched=
        if "$attempt"; then
            started+=("$launched:$signal")
            return
        fi
        [[ -z $launched ]] || stop_process "$launched" "$signal"
    done
    tail -n 20 "$run_dir/$name".log "$run_dir/$name"/*.log >&2 2>/dev/null || true
    die "$name did not start; the end of its log is above"
}

stop_process() {
    local pid=$1 signal=$2 deadline=$((SECONDS + 10))
    signal_group "$signal" "$pid"
    while is_alive "$pid" && ((SECONDS < deadline)); do sleep 0.05; done
    signal_group KILL "$pid"
    wait "$pid" 2>/dev/null || true
}

# A server that was started through sudo hears only root. (In a trap, a bare `return` would give the status
# from before the trap.)
signal_group() {
    kill -"$1" -- "-$2" 2>/dev/null && return 0
    [[ $EUID -eq 0 ]] || ! is_alive "$2" || as_root kill -"$1" -- "-$2" 2>/dev/null || true
}

# The command gets a process group of its own: a signal then reaches all that it started, and this script
# is free to hear one while it waits.
run_command() {
    local status=0
    set -m
    "$@" <&0 &
    command_group=$!
    set +m
    # A signal ends the waiting, not the command.
    while :; do
        heard=
        status=0
        wait "$command_group" || status=$?
        [[ -n $heard ]] || break
    done
    command_group=
    return "$status"
}

forward_signals() {
    trap 'pass_on INT 130' INT
    trap 'pass_on TERM 143' TERM
    trap 'pass_on HUP 129' HUP
}

# Until the command runs there is nothing to pass the signal to, and the script itself ends.
pass_on() {
    heard=yes
    if [[ -n $command_group ]]; then signal_group "$1" "$command_group"; else exit "$2"; fi
}

tear_down() {
    local status=$? entry
    # Nothing that fails here may keep the rest from being cleared away.
    set +e
    trap '' INT TERM HUP
    trap - EXIT
    [[ -z $command_group ]] || signal_group TERM "$command_group"
    for entry in "${started[@]}"; do
        stop_process "${entry%%:*}" "${entry##*:}"
    done
    if [[ -n ${KEEP_SERVERS_DIR:-} ]]; then
        echo "tests/servers: kept $run_dir" >&2
    else
        as_root_if_needed rm -rf "$run_dir"
    fi
    exit "$status"
}

# Postfix leaves files of its own user behind, which a normal user cannot remove.
as_root_if_needed() {
    "$@" 2>/dev/null || as_root "$@"
}
