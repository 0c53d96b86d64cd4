#!/bin/sh
# Makes the secrets of docker-compose.yml: passwords of 32 random bytes, and the database's address
# with one of them.  What is there is left alone, so it can be run again after an update.
# The folder is closed to others; the files are not, as the containers read them by another id.
set -eu
folder="$(dirname "$0")/../../.loyalty/secrets"
mkdir -p "$folder"
chmod 700 "$folder"

keep() { # NAME, and the secret on standard input: unless there is one
    if [ -e "$folder/$1" ]; then
        echo "$folder/$1 is there already."
        return
    fi
    cat > "$folder/$1"
    chmod 644 "$folder/$1"
    echo "$folder/$1 was made."
}

random() {
    head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

random | keep postgres_password
password="$(cat "$folder/postgres_password")"
printf 'postgresql://loyalty:%s@postgres/loyalty' "$password" | keep database_url
# The analyst's password follows from the owner's, as `infra/postgres.py` derives it.
printf loyalty_analyst | openssl dgst -sha256 -hmac "$password" | sed 's/^.* //' | tr -d '\n' \
    | keep analyst_password
# The key by which cards, phones and e-mails are hashed.
random | keep identifier_key
random | keep grafana_password
random | keep grafana_secret_key
