#!/bin/sh
# As a cron job does it: curl in a shell script. It sends every field in query and body, as old wrappers of libcurl do,
# and compares the first two letters of the answer.
set -eu

fields="Username=$RC_USERNAME&Ext=$RC_EXT&Password=$RC_PASSWORD"

ringout() {
  curl -s -d "$1" "$BASE_URL/ringout.asp?$1"
}

must_be_ok() {
  case $1 in
    OK*) printf '%s: %s\n' "$2" "$1" ;;
    *) printf '%s failed: %s\n' "$2" "$1" >&2; exit 1 ;;
  esac
}

answer=$(ringout "cmd=list&$fields")
must_be_ok "$answer" list

answer=$(ringout "cmd=call&$fields&To=$TO&From=$FROM&Clid=$RC_USERNAME&Prompt=1")
must_be_ok "$answer" call
session=$(printf '%s' "$answer" | cut -d' ' -f2)
ws=$(printf '%s' "$answer" | cut -d' ' -f3)

answer=$(ringout "cmd=status&SessionID=$session&WS=$ws")
must_be_ok "$answer" status

answer=$(ringout "cmd=cancel&SessionID=$session&WS=$ws")
must_be_ok "$answer" cancel

answer=$(curl -s -F "Attachment=@$FAX_FILE" -F "Username=$RC_USERNAME*$RC_EXT" -F "Password=$RC_PASSWORD" \
  -F "Recipient=$TO|Demo Recipient" -F 'Coverpage=None' "$BASE_URL/faxapi.asp")
[ "$answer" -eq 0 ] || { printf 'fax failed: %s\n' "$answer" >&2; exit 1; }
printf 'fax: %s\n' "$answer"
