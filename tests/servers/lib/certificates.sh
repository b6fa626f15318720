# A private certificate authority and the certificates that the servers show, good ones and bad ones.
# shellcheck shell=bash

# make_certificates DIRECTORY
make_certificates() {
    local dir=$1
    mkdir "$dir"
    make_authority "$dir"
    make_leaf "$dir" good "DNS:localhost,IP:127.0.0.1" 20200101000000Z 20491231235959Z
    make_leaf "$dir" expired "DNS:localhost,IP:127.0.0.2" 20200101000000Z 20200201000000Z
    make_leaf "$dir" wrong-name "DNS:elsewhere.example" 20200101000000Z 20491231235959Z
    # What `openssl req -x509` makes by itself, and many small servers therefore have: CA:TRUE.
    quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=localhost" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.4" -keyout "$dir/self-signed.key" -out "$dir/self-signed.pem"
    own_by_server_user "$dir"
    chmod 600 "$dir"/*.key
    export TEST_CA_FILE="$dir/ca.pem"
    export TEST_CERT_FILE="$dir/good.pem"
    export TEST_KEY_FILE="$dir/good.key"
    export TEST_EXPIRED_CERT_FILE="$dir/expired.pem"
    export TEST_SELF_SIGNED_CERT_FILE="$dir/self-signed.pem"
    TEST_SELF_SIGNED_SHA256=$(openssl x509 -in "$dir/self-signed.pem" -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
    export TEST_SELF_SIGNED_SHA256
}

make_authority() {
    local dir=$1
    quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=helpdeskd test authority" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout "$dir/ca.key" -out "$dir/ca.pem"
    : >"$dir/index.txt"
    cat >"$dir/ca.cnf" <<END
[ca]
default_ca = private
[private]
database = $dir/index.txt
new_certs_dir = $dir
certificate = $dir/ca.pem
private_key = $dir/ca.key
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
copy_extensions = copy
[anything]
commonName = supplied
END
}

# `openssl ca` is the one command of every OpenSSL version that sets both ends of the validity.
#   make_leaf DIRECTORY NAME SUBJECT-ALT-NAMES FROM UNTIL
make_leaf() {
    local dir=$1 name=$2 alt=$3 from=$4 until=$5
    quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
        -addext "basicConstraints=critical,CA:FALSE" -addext "extendedKeyUsage=serverAuth" \
        -addext "subjectAltName=$alt" -keyout "$dir/$name.key" -out "$dir/$name.csr"
    quietly openssl ca -batch -notext -config "$dir/ca.cnf" -startdate "$from" -enddate "$until" \
        -in "$dir/$name.csr" -out "$dir/$name.pem"
}

# openssl reports its progress on standard error, also when all is well.
quietly() {
    local words
    words=$("$@" 2>&1 >/dev/null) || die "'$1 $2' failed: $words"
}
