"""As a door intercom does it: Python with urllib. It keeps the session id as a signed 32-bit integer."""

import os
import struct
import urllib.parse
import urllib.request

BASE_URL = os.environ["BASE_URL"]
USER = {
    "Username": os.environ["RC_USERNAME"],
    "Ext": os.environ["RC_EXT"],
    "Password": os.environ["RC_PASSWORD"],
}


def ask(path, body=None, headers={}):
    request = urllib.request.Request(BASE_URL + path, body, headers)
    with urllib.request.urlopen(request) as response:
        return response.read()


def ringout(command, fields):
    query = urllib.parse.urlencode({"cmd": command, **fields})
    answer = ask("/ringout.asp?" + query).decode("ascii")
    if not answer.startswith("OK "):
        raise SystemExit(f"{command} failed: {answer}")
    print(f"{command}: {answer}")
    return answer.split(" ")


ringout("list", USER)
call = ringout("call", {**USER, "To": os.environ["TO"], "From": os.environ["FROM"], "Prompt": "1"})
(session_id,) = struct.unpack("<i", struct.pack("<i", int(call[1])))
ringout("status", {"SessionID": session_id})
ringout("cancel", {"SessionID": session_id})

boundary = b"=====demo=boundary====="
fields = {
    "Username": USER["Username"] + "*" + USER["Ext"],
    "Password": USER["Password"],
    "Recipient": os.environ["TO"] + "|Demo Recipient",
    "Coverpage": "None",
}
lines = []
for name, value in fields.items():
    lines += [b"--" + boundary, b'Content-Disposition: form-data; name="%s"' % name.encode(), b"", value.encode()]
with open(os.environ["FAX_FILE"], "rb") as document:
    disposition = b'Content-Disposition: form-data; name="Attachment"; filename="C:\\fax\\order.tif"'
    lines += [b"--" + boundary, disposition, b"Content-Type: image/tiff", b"", document.read()]
lines += [b"--" + boundary + b"--", b""]
content_type = 'Multipart/Form-Data; boundary="%s"' % boundary.decode()
answer = ask("/faxapi.asp", b"\r\n".join(lines), {"Content-Type": content_type})
if answer != b"0":
    raise SystemExit(f"fax failed: {answer!r}")
print("fax: " + answer.decode("ascii"))
