#!/bin/sh
# As a router or an intercom does it: wget, a cache buster, and a multipart body built by the script, with unquoted
# names, no content type for the document and no line end after the last boundary.
set -eu

fields="username=$RC_USERNAME&ext=$RC_EXT&password=$RC_PASSWORD"

# wget prints no body for a status other than 2xx, which would lose the reason.
ringout() {
  answer=$(wget -q -O - "$BASE_URL/ringout.asp?cmd=$1&$2&t=$(date +%s)")
  if [ "${answer#OK}" = "$answer" ]; then
    printf '%s failed: %s\n' "$1" "$answer" >&2
    exit 1
  fi
  printf '%s: %s\n' "$1" "$answer"
}

ringout list "$fields"
ringout call "$fields&to=$TO&from=$FROM&clid=&prompt=1"
session=${answer#OK }
session=${session%% *}
ringout status "sessionid=$session"
ringout cancel "sessionid=$session"

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  for field in "Username=$RC_USERNAME*$RC_EXT" "Password=$RC_PASSWORD" "Recipient=$TO|Demo Recipient" 'Coverpage=0'; do
    printf -- '--demo-boundary\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n' "${field%%=*}" "${field#*=}"
  done
  printf -- '--demo-boundary\r\nContent-Disposition: form-data; name=Attachment; filename=%s\r\n\r\n' "$FAX_FILE"
  cat "$FAX_FILE"
  printf -- '\r\n--demo-boundary--'
} >"$body"
answer=$(wget -q -O - --header='Content-Type: multipart/form-data; boundary=demo-boundary' --post-file="$body" \
  "$BASE_URL/faxapi.asp")
[ "$answer" = 0 ] || { printf 'fax failed: %s\n' "$answer" >&2; exit 1; }
printf 'fax: %s\n' "$answer"
