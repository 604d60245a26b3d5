' As an office macro does it: VBScript with MSXML. Run it with: cscript //nologo vbscript.vbs
' The tests do not run it.
Option Explicit

Dim env, baseUrl, user
Set env = CreateObject("WScript.Shell").Environment("PROCESS")
baseUrl = env("BASE_URL")
user = "Username=" & env("RC_USERNAME") & "&Ext=" & env("RC_EXT") & "&Password=" & Escape(env("RC_PASSWORD"))

Function Ask(method, path, contentType, body)
  Dim http
  Set http = CreateObject("MSXML2.ServerXMLHTTP.6.0")
  http.open method, baseUrl & path, False
  If contentType <> "" Then http.setRequestHeader "Content-Type", contentType
  http.send body
  Ask = http.responseText
End Function

Function RingOut(command, fields)
  Dim answer
  answer = Ask("POST", "/ringout.asp", "application/x-www-form-urlencoded", "cmd=" & command & "&" & fields)
  If Left(answer, 2) <> "OK" Then
    WScript.Echo command & " failed: " & answer
    WScript.Quit 1
  End If
  WScript.Echo command & ": " & answer
  RingOut = Mid(answer, 4)
End Function

Dim sessionId
RingOut "list", user
sessionId = CLng(Split(RingOut("call", user & "&To=" & env("TO") & "&From=" & env("FROM") & "&Prompt=1"), " ")(0))
RingOut "status", "SessionID=" & sessionId
RingOut "cancel", "SessionID=" & sessionId

' A stream holds the body, because a string would change the document's bytes.
Const adTypeBinary = 1, adTypeText = 2
Dim body, document, separator, answer
separator = "-----------------------------7d54b1fee05aa"
Set document = CreateObject("ADODB.Stream")
document.Type = adTypeBinary
document.Open
document.LoadFromFile env("FAX_FILE")

Set body = CreateObject("ADODB.Stream")
body.Type = adTypeBinary
body.Open
body.Write Latin1(Field("Username", env("RC_USERNAME") & "*" & env("RC_EXT")) & Field("Password", env("RC_PASSWORD")) & _
  Field("Recipient", env("TO") & "|Demo Recipient") & Field("Coverpage", "None") & "--" & separator & vbCrLf & _
  "Content-Disposition: form-data; name=""Attachment""; filename=""" & env("FAX_FILE") & """" & vbCrLf & vbCrLf)
body.Write document.Read
body.Write Latin1(vbCrLf & "--" & separator & "--" & vbCrLf)
body.Position = 0

answer = Ask("POST", "/faxapi.asp", "multipart/form-data; boundary=" & separator, body.Read)
' An empty or HTML answer would end the program here with "type mismatch".
If CInt(answer) <> 0 Then
  WScript.Echo "fax failed: " & answer
  WScript.Quit 1
End If
WScript.Echo "fax: " & answer

Function Field(name, value)
  Field = "--" & separator & vbCrLf & "Content-Disposition: form-data; name=""" & name & """" & vbCrLf & vbCrLf & _
    value & vbCrLf
End Function

Function Latin1(text)
  Dim stream
  Set stream = CreateObject("ADODB.Stream")
  stream.Type = adTypeText
  stream.Charset = "windows-1252"
  stream.Open
  stream.WriteText text
  stream.Position = 0
  stream.Type = adTypeBinary
  Latin1 = stream.Read
End Function
