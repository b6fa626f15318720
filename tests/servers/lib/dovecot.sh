# A private Dovecot: IMAP in plain text with STARTTLS, and IMAP over TLS, for any user name.
# shellcheck shell=bash
#
# The password of every user is `secret`; a mailbox comes into being when somebody logs in or mail arrives.
# The certificate depends on the address that the client connects to: good on 127.0.0.1, expired on
# 127.0.0.2, with a foreign name on 127.0.0.3, self-signed on 127.0.0.4. All of it runs as one user.

start_dovecot() {
    dovecot_dir="$run_dir/dovecot"
    mail_dir="$run_dir/mail"
    mkdir "$dovecot_dir" "$mail_dir"
    make_oauth_token
    own_by_server_user "$dovecot_dir" "$mail_dir"
    # Hundreds of sessions at once need more than the usual 1024 open files, where that is allowed.
    ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || true
    start_with_retries dovecot TERM attempt_dovecot
    export TEST_IMAP_HOST=127.0.0.1 TEST_IMAP_PORT="$imap_port" TEST_IMAPS_PORT="$imaps_port"
    export TEST_IMAP_PASSWORD=secret TEST_MAIL_DIR="$mail_dir"
    export TEST_EXPIRED_IMAP_HOST=127.0.0.2 TEST_WRONG_NAME_IMAP_HOST=127.0.0.3 TEST_SELF_SIGNED_IMAP_HOST=127.0.0.4
}

attempt_dovecot() {
    imap_port=$(free_port)
    imaps_port=$(free_port)
    write_dovecot_configuration >"$dovecot_dir/dovecot.conf"
    # shellcheck disable=SC2046 # the options are words
    launch dovecot TERM $(give_up_root) /usr/sbin/dovecot -F -c "$dovecot_dir/dovecot.conf"
    wait_until_up "$launched" dovecot_answers
}

dovecot_answers() {
    greets "$imap_port" "* OK" && (exec 3<>"/dev/tcp/127.0.0.1/$imaps_port")
}

# Version 2.4 renamed most settings and wants its version named first.
write_dovecot_configuration() {
    if [[ $(/usr/sbin/dovecot --version) == 2.3.* ]]; then
        dovecot_2_3_settings
        dovecot_common_settings "service_count = 0"
    else
        dovecot_2_4_settings
        dovecot_common_settings "restart_request_count = unlimited"
    fi
}

# dovecot_common_settings ONE-LOGIN-PROCESS-SERVES-MANY
dovecot_common_settings() {
    local user group
    user=$(server_user)
    group=$(server_group)
    cat <<END
base_dir = $dovecot_dir/run
state_dir = $dovecot_dir/state
log_path = $dovecot_dir/dovecot.log
protocols = imap
listen = 127.0.0.1, 127.0.0.2, 127.0.0.3, 127.0.0.4
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
default_process_limit = 1000
default_client_limit = 4000
mail_uid = $user
mail_gid = $group
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mail_max_userip_connections = 1000
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2 oauthbearer
imap_idle_notify_interval = 30 s
service anvil {
  chroot =
  # Many failed log-ins from one address are what the tests are about; do not slow them down.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  $1
  process_min_avail = 1
  process_limit = 4
  client_limit = 2000
  inet_listener imap {
    port = $imap_port
  }
  inet_listener imaps {
    port = $imaps_port
    ssl = yes
  }
}
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
END
}

dovecot_2_3_settings() {
    cat <<END
mail_location = maildir:$mail_dir/%Lu
disable_plaintext_auth = no
ssl = yes
ssl_cert = <$run_dir/tls/good.pem
ssl_key = <$run_dir/tls/good.key
$(dovecot_certificate 127.0.0.2 expired "ssl_cert = <" "ssl_key = <")
$(dovecot_certificate 127.0.0.3 wrong-name "ssl_cert = <" "ssl_key = <")
$(dovecot_certificate 127.0.0.4 self-signed "ssl_cert = <" "ssl_key = <")
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dovecot_dir/oauth2.conf
}
passdb {
  driver = static
  mechanisms = plain login
  args = password=secret
}
userdb {
  driver = static
  args = uid=$(server_user) gid=$(server_group) home=$mail_dir/%Lu allow_all_users=yes
}
END
}

dovecot_2_4_settings() {
    cat <<END
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_driver = maildir
mail_path = $mail_dir/%{user | lower}
mail_home = $mail_dir/%{user | lower}
auth_allow_cleartext = yes
ssl = yes
ssl_server_cert_file = $run_dir/tls/good.pem
ssl_server_key_file = $run_dir/tls/good.key
$(dovecot_certificate 127.0.0.2 expired "ssl_server_cert_file = " "ssl_server_key_file = ")
$(dovecot_certificate 127.0.0.3 wrong-name "ssl_server_cert_file = " "ssl_server_key_file = ")
$(dovecot_certificate 127.0.0.4 self-signed "ssl_server_cert_file = " "ssl_server_key_file = ")
passdb oauth2 {
  mechanisms_filter = xoauth2 oauthbearer
}
oauth2_introspection_mode = local
oauth2_username_attribute = sub
oauth2_local_validation {
  dict fs {
    fs posix {
      prefix = $dovecot_dir/keys/
    }
  }
}
passdb static {
  mechanisms_filter = plain login
  password = secret
}
userdb static {
  static_allow_all_users = yes
  fields {
    uid = $(server_user)
    gid = $(server_group)
  }
}
END
}

# One user can also log in by XOAUTH2, with a token (a JWT) that is valid for longer than any run.
make_oauth_token() {
    local key=an-open-secret-of-the-test-suite head claims keys="$dovecot_dir/keys/default/HS256"
    mkdir -p "$keys"
    printf '%s' "$key" | openssl base64 -A >"$keys/default"
    cat >"$dovecot_dir/oauth2.conf" <<END
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$dovecot_dir/keys/
username_attribute = sub
END
    export TEST_OAUTH_USER=oauth@example.test
    head=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    claims=$(printf '{"sub":"%s","iat":1577836800,"exp":4102444800}' "$TEST_OAUTH_USER" | base64url)
    TEST_OAUTH_TOKEN="$head.$claims.$(printf '%s' "$head.$claims" | openssl dgst -sha256 -hmac "$key" -binary | base64url)"
    export TEST_OAUTH_TOKEN
}

base64url() {
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# dovecot_certificate ADDRESS NAME CERTIFICATE-SETTING KEY-SETTING
dovecot_certificate() {
    cat <<END
local $1 {
  $3$run_dir/tls/$2.pem
  $4$run_dir/tls/$2.key
}
END
}
