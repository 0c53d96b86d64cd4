#!/bin/sh
# Makes the secrets of docker-compose.yml, once: a password of 32 random bytes, the address with it,
# and the key by which cards, phones and e-mails are hashed.  The folder is closed to others; the
# files are not, as the containers read them by another id.
set -eu
folder="$(dirname "$0")/../../.loyalty/secrets"
if [ -e "$folder/database_url" ]; then
    echo "$folder has its secrets already."
    exit 0
fi
mkdir -p "$folder"
chmod 700 "$folder"
random() {
    head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'
}
password="$(random)"
printf '%s' "$password" > "$folder/postgres_password"
printf 'postgresql://loyalty:%s@postgres/loyalty' "$password" > "$folder/database_url"
random > "$folder/identifier_key"
chmod 644 "$folder/postgres_password" "$folder/database_url" "$folder/identifier_key"
echo "$folder has its secrets now."
