# Programs that call the HTTP APIs in tests: curl, PHP with its curl extension, and Schemathesis.
# shellcheck shell=bash

SCHEMATHESIS_VERSION=4.32.5

has_clients() {
    command -v curl >/dev/null && command -v jq >/dev/null && php -r 'exit((int) !extension_loaded("curl"));' 2>/dev/null &&
        python3 -c 'import ensurepip' 2>/dev/null
}

# Schemathesis lives beside the other tools of the build, so that only the first run fetches it.
start_clients() {
    local tools venv log
    tools="$(cd "$here/../.." && pwd)/target/tools"
    venv="$tools/schemathesis-$SCHEMATHESIS_VERSION"
    mkdir -p "$tools"
    if [[ ! -x $venv/bin/schemathesis ]]; then
        log=$(mktemp)
        (
            # A second run waits here, then finds nothing left to do.
            exec 9>"$tools/schemathesis.lock"
            flock 9
            [[ -x $venv/bin/schemathesis ]] || {
                echo "tests/servers: installing schemathesis $SCHEMATHESIS_VERSION" >&2
                rm -rf "$venv"
                python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check \
                    "schemathesis==$SCHEMATHESIS_VERSION"
            }
        ) >"$log" || { tail -n 5 "$log" >&2; die "schemathesis $SCHEMATHESIS_VERSION could not be installed from PyPI"; }
        rm -f "$log"
    fi
    export TEST_SCHEMATHESIS="$venv/bin/schemathesis"
}
