# Installs the Debian packages that are missing, when that is permitted; otherwise says what to install.
# shellcheck shell=bash

# install_missing SERVER...
install_missing() {
    local packages=() new=() server
    command -v openssl >/dev/null || packages+=(openssl)
    # Rust needs a linker, and two dependencies bring C code.
    command -v cc >/dev/null || packages+=(gcc libc6-dev)
    for server in "$@"; do
        "has_$server" || read -ra new <<<"$(package_of "$server")"
        packages+=("${new[@]}")
        new=()
    done
    [[ ${#packages[@]} -gt 0 ]] || return 0
    if ! may_be_root || ! command -v apt-get >/dev/null; then
        die "please install ${packages[*]} (on Debian: sudo apt-get install ${packages[*]}) and try again."
    fi
    echo "tests/servers: installing ${packages[*]}" >&2
    install_packages "${packages[@]}"
    for server in "$@"; do
        "has_$server" || die "$(package_of "$server") is installed, but its programs are not where Debian puts them."
    done
}

package_of() {
    case $1 in
        dovecot) echo dovecot-imapd ;;
        postgres) echo postgresql ;;
        clients) echo curl jq php-cli php-curl python3 python3-venv ;;
        *) echo "$1" ;;
    esac
}

has_dovecot() { [[ -x /usr/sbin/dovecot && -x /usr/lib/dovecot/imap ]]; }
has_postfix() { [[ -x /usr/sbin/postfix ]]; }
has_postgres() { [[ -n $(postgres_programs) ]]; }

# The directory of the newest installed PostgreSQL server.
postgres_programs() {
    local initdb
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        [[ ! -x $initdb ]] || echo "${initdb%/initdb}"
    done | sort -V | tail -n 1
}

# Removes nothing (another mail server may be in use here), and no system service is started. Two runs may
# want to install at once: the second waits for the first, then finds nothing left to do.
install_packages() {
    local log status=0
    log=$(mktemp)
    (
        exec 9</var/lib/dpkg
        flock 9
        keep_services_from_starting
        echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections || true
        apt_install "$@" || { as_root apt-get update && apt_install "$@"; }
    ) >"$log" 2>&1 || status=$?
    [[ $status -eq 0 ]] || tail -n 15 "$log" >&2
    rm -f "$log"
    [[ $status -eq 0 ]] || die "apt-get could not install $*; its last words are above."
}

# Debian's maintainer scripts ask this file before they start anything.
keep_services_from_starting() {
    local policy=/usr/sbin/policy-rc.d
    [[ ! -e $policy ]] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    # shellcheck disable=SC2064 # the name is known now
    trap "as_root rm -f $policy" EXIT
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends --no-remove "$@" </dev/null
}
