# A private Postfix: SMTP in plain text with STARTTLS and AUTH, and SMTP over TLS.
# shellcheck shell=bash
#
# Whatever is sent to an address can be read by IMAP under that address as user name. Some local parts and
# domains misbehave on purpose (see recipient_answers and transports). Nothing leaves the machine.
# Needs Dovecot, and root: the parts of Postfix change their user by themselves.

start_postfix() {
    may_be_root || die "Postfix starts only as root; please run this as root or allow sudo without a password."
    [[ -n ${dovecot_dir:-} ]] || die "Postfix hands its mail to Dovecot; ask for that too."
    postfix_dir="$run_dir/postfix"
    through_sudo=()
    [[ $EUID -eq 0 ]] || through_sudo=(sudo -n)
    mkdir "$postfix_dir" "$postfix_dir/conf" "$postfix_dir/queue" "$postfix_dir/data"
    as_root chown postfix: "$postfix_dir/data"
    as_root chown root: "$postfix_dir" "$postfix_dir/queue"
    start_with_retries postfix TERM attempt_postfix
    export TEST_SMTP_HOST=127.0.0.1 TEST_SMTP_PORT="$smtp_port" TEST_SMTPS_PORT="$smtps_port"
    export TEST_STRICT_SMTP_PORT="$strict_port"
}

attempt_postfix() {
    smtp_port=$(free_port)
    smtps_port=$(free_port)
    strict_port=$(free_port)
    # A second attempt finds what the first gave to root.
    as_root chown -R "$(id -un):" "$postfix_dir/conf"
    main_cf >"$postfix_dir/conf/main.cf"
    master_cf >"$postfix_dir/conf/master.cf"
    transports >"$postfix_dir/conf/transport"
    recipient_answers >"$postfix_dir/conf/recipients"
    # Nobody owns another address than their own, also not one with an extension.
    echo '/^([^@+]+@.*)$/ $1' >"$postfix_dir/conf/owners"
    as_root chown -R root: "$postfix_dir/conf"
    # The usual start command would detach the server from this script; so prepare the queue, then run the
    # master itself, whose -d means: stay in the foreground.
    as_root /usr/sbin/postfix -c "$postfix_dir/conf" check >>"$run_dir/postfix.log" 2>&1 || return 1
    launch postfix TERM "${through_sudo[@]}" "$(postconf -dh daemon_directory)/master" -c "$postfix_dir/conf" -d
    wait_until_up "$launched" greets "$smtp_port" 220
}

main_cf() {
    cat <<END
compatibility_level = 3.6
queue_directory = $postfix_dir/queue
data_directory = $postfix_dir/data
maillog_file = $postfix_dir/postfix.log
maillog_file_prefixes = $postfix_dir
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.test
mydestination =
alias_maps =
local_recipient_maps =
fast_flush_domains =
mynetworks = 127.0.0.0/8
relay_domains = static:all
relay_transport = dovecot
default_transport = error:this server delivers nothing elsewhere
transport_maps = regexp:$postfix_dir/conf/transport
smtpd_recipient_restrictions = check_recipient_access regexp:$postfix_dir/conf/recipients, permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_cert_file = $run_dir/tls/good.pem
smtpd_tls_key_file = $run_dir/tls/good.key
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = unix:$dovecot_dir/run/auth-postfix
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
default_process_limit = 100
dovecot_destination_recipient_limit = 1
plus_destination_recipient_limit = 1
message_size_limit = 52428800
mailbox_size_limit = 0
# The queue need not survive this run.
minimal_backoff_time = 5s
maximal_backoff_time = 5s
queue_run_delay = 5s
in_flow_delay = 0
END
}

master_cf() {
    cat <<END
127.0.0.1:$smtp_port inet n - n - - smtpd
127.0.0.1:$smtps_port inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.1:$strict_port inet n - n - - smtpd
  -o smtpd_sender_restrictions=reject_authenticated_sender_login_mismatch
  -o smtpd_sender_login_maps=regexp:$postfix_dir/conf/owners
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
dovecot unix - n n - 8 pipe
  flags=DRhu user=$(server_user):$(server_group) argv=/usr/lib/dovecot/dovecot-lda -c $dovecot_dir/dovecot.conf -f \${sender} -d \${recipient}
plus unix - n n - 8 pipe
  -o recipient_delimiter=+
  flags=DRhu user=$(server_user):$(server_group) argv=/usr/lib/dovecot/dovecot-lda -c $dovecot_dir/dovecot.conf -f \${sender} -d \${user}@\${domain}
bouncer unix - n n - - pipe
  user=$(server_user):$(server_group) argv=/bin/sh -c {exit 67}
END
}

# Mail for discard.test is taken and thrown away, for a benchmark; at plus.test, plus-addresses arrive; an address that starts with
# `late-bounce` is accepted, and its sender gets a delivery status notification soon after.
transports() {
    cat <<'END'
/@discard\.test$/ discard:
/@plus\.test$/ plus:
/^late-bounce/ bouncer:
END
}

recipient_answers() {
    cat <<'END'
/^unknown/ 550 5.1.1 no such mailbox
/^full/ 452 4.2.2 mailbox is full
/^blocked/ 554 5.7.1 refused by policy
END
}
