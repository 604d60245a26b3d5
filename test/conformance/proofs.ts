/*
 * The tests that prove each rule of docs/compatibility.md, by the rule's number: test titles by file below test/. A file
 * without titles proves the rule as a whole.
 */
export const proofs: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  B1: { 'conformance/transport.ts': ['%s answers as ringout.asp', '%s answers as faxapi.asp'] },
  B2: { 'conformance/transport.ts': ['%s answers as ringout.asp', '%s answers as faxapi.asp'] },
  B3: { 'conformance/transport.ts': ['%s is not served: 403 with the body 5', '%s is refused with neither OK nor 0'] },
  B4: {
    'conformance/failures.ts': ['%s is answered with FAILED and status 200', '%s is answered with its own reason'],
  },
  B5: { 'conformance/transport.ts': ['an answer ends without a line end and is not compressed'] },
  B6: { 'conformance/transport.ts': ['%s is served like any other'] },
  B7: { 'conformance/parameters.ts': ['a session id is found', 'with %s'] },
  B8: { 'conformance/parameters.ts': ['with %s'], 'legacy/fields.test.ts': ['one value of a field'] },
  B9: { 'conformance/parameters.ts': ['with %s'] },
  B10: { 'conformance/parameters.ts': ['with %s'], 'conformance/transport.ts': ['%s is served like any other'] },
  B11: {
    'conformance/parameters.ts': [
      'in the body, also when the query has another one',
      'in the query when the one in the body is empty',
    ],
  },
  B12: {
    'conformance/parameters.ts': ['with a password in the charset that the content type declares: %s'],
    'conformance/fax.ts': ['text is decoded by the charset that its part declares'],
  },
  B13: {
    'conformance/parameters.ts': ['with a password in %s', 'with a password in raw Windows-1252 bytes in the body'],
    'legacy/text-encoding.test.ts': ['text of unknown encoding'],
  },
  B14: {
    'legacy/text-encoding.test.ts': ['text of a declared encoding'],
    'legacy/url-encoded.test.ts': ['a declared encoding'],
    'edge/form.test.ts': ['a text is decoded'],
  },
  B15: {
    'conformance/parameters.ts': ['in a body with %s'],
    'legacy/text-encoding.test.ts': ['text of a declared encoding'],
  },
  B16: {
    'conformance/parameters.ts': ['in a body with %s'],
    'legacy/fields.test.ts': ['one value of a field'],
    'edge/form.test.ts': ['but not in a document, whose bytes do not change'],
  },
  B17: {
    'conformance/parameters.ts': ['with a password in %s'],
    'legacy/url-encoded.test.ts': ['the escapes of JavaScript’s escape()'],
  },
  B18: { 'legacy/url-encoded.test.ts': ['the escapes of JavaScript’s escape()'] },
  B19: { 'conformance/parameters.ts': ['with %s'], 'legacy/url-encoded.test.ts': ['url-encoded parameters'] },
  B20: {
    'conformance/parameters.ts': ['beside broken escapes in a body'],
    'legacy/percent-decoding.test.ts': ['percent-decoding'],
  },
  B21: {
    'conformance/transport.ts': [
      '%s is served like any other',
      'an answer has no header that forbids frames, makes it a download, redirects or sets a cookie',
    ],
  },
  B22: {
    'conformance/transport.ts': [
      '%s is served like any other',
      'HTTP/1.0 without a Host header is served like any other',
      'a chunked upload is read whole',
      'two requests share a connection',
    ],
  },
  B23: {
    'conformance/transport.ts': [
      'Expect: 100-continue is answered before the body is sent',
      'a client that sends Expect: 100-continue and does not wait is served',
    ],
  },
  B24: {
    'conformance/transport.ts': ['%s is served like any other'],
    'conformance/fax.ts': ["keep every byte when the request's content type is in mixed case"],
  },
  B25: {
    'commands/web-pages.test.ts': [
      'is refused %s without a request to RingCentral',
      'a page that allowedOrigins names is served, recognised %s',
    ],
    'conformance/transport.ts': ['call, list and faxes from %s in a page of another site are refused'],
  },
  B26: {
    'commands/web-pages.test.ts': [
      'a request that needs no allowedOrigins is served',
      '%s from a page of another site, because old pages load it in a frame',
    ],
  },
  B27: {
    'conformance/transport.ts': [
      'an answer has no header that forbids frames, makes it a download, redirects or sets a cookie',
    ],
  },
  B28: { 'conformance/transport.ts': ['an answer forbids caching'] },
  B29: { 'legacy/failure-answers.test.ts': ['%s has one sentence after FAILED, without the letters "ok"'] },
  B30: {
    'legacy/failure-answers.test.ts': [
      '%s has one sentence after FAILED, without the letters "ok"',
      'no detail puts "ok", "<", "{" or a line end into a text',
    ],
  },
  B31: {
    'conformance/parameters.ts': ['for %s, with the exact text on record'],
    'legacy/failure-answers.test.ts': ['wrong credentials have the exact text on record'],
  },
  B32: { 'legacy/failure-answers.test.ts': ['distinct causes have distinct texts'] },
  B33: {
    'conformance/transport.ts': ['a truncated form places no call'],
    'conformance/fax-uploads.ts': ['an aborted upload sends no fax'],
  },
  B34: {
    'hostile/framing.test.ts': ['a damaged body is refused'],
    'legacy/multipart-delimiters.test.ts': ['for random bodies and damages'],
  },
  B35: { 'edge/form.test.ts': ['a %s body of more than 20,000 fields is refused unread'] },
  B36: {
    'infra/template.test.ts': ['%s is %s with the body 5 as plain text'],
    'infra/local/gateway.test.ts': ['an invalid answer of a function is answered like the deployed gateway does'],
  },
  B37: { 'conformance/transport.ts': ['%s is served like any other'] },
  W1: { 'conformance/parameters.ts': ['a user is recognised'] },
  W2: {
    'conformance/parameters.ts': ['a user is recognised'],
    'legacy/credentials.test.ts': ['credentials'],
    'access/user-directory.test.ts': [],
  },
  W3: { 'conformance/parameters.ts': ['a user is recognised', 'as the main line without an extension: %j'] },
  W4: { 'conformance/parameters.ts': ['a user is recognised'], 'legacy/credentials.test.ts': ['credentials'] },
  W5: {
    'conformance/parameters.ts': ['a user is refused'],
    'conformance/status.ts': ['needs no credentials and ignores wrong ones'],
  },
  W6: { 'conformance/parameters.ts': ['without a request to RingCentral when the user is unknown'] },
  W7: { 'conformance/parameters.ts': ['who has no legacy password, %s'] },
  L1: {
    'conformance/list.ts': [
      'answers OK and pairs of number and label',
      'shows all pages of the numbers usable as From, in order, with unique labels',
    ],
  },
  L2: { 'conformance/list.ts': ['shows all pages of the numbers usable as From, in order, with unique labels'] },
  L3: { 'conformance/list.ts': ['of a British user shows every number with its country code'] },
  L4: {
    'conformance/call.ts': ['takes every number of list as From, and rings that number'],
    'legacy/phone-number.test.ts': ['a printed number is read back as the same number, for every home country'],
  },
  L5: { 'legacy/list.test.ts': ['has as many numbers as unique labels, whatever RingCentral sends'] },
  L6: {
    'conformance/list.ts': ['shows all pages of the numbers usable as From, in order, with unique labels'],
    'legacy/list.test.ts': ['the answer to list'],
  },
  L7: { 'legacy/list.test.ts': ['has as many numbers as unique labels, whatever RingCentral sends'] },
  L8: { 'conformance/list.ts': ['answers OK and a space when no number is usable as From'] },
  C1: { 'conformance/call.ts': ['Prompt=%j sends playPrompt %j', 'takes %s as the caller id'] },
  C2: { 'conformance/call.ts': ['with an empty caller id sends none'] },
  C3: { 'conformance/call.ts': ['reads a number with %s'] },
  C4: {
    'conformance/call.ts': [
      "reads a national number by the user's home country",
      'a number that might ring a stranger abroad is refused',
    ],
    'legacy/phone-number.test.ts': ['reading a number'],
  },
  C5: {
    'conformance/call.ts': [
      "rings the configured call-back number without reading the user's numbers",
      'rings the first number usable as From, which status then shows',
      'fails with its own reason when the user has no such number',
    ],
  },
  C6: { 'conformance/call.ts': ['is answered with exactly three parts and a session id of nine digits'] },
  C7: {
    'conformance/call.ts': ['is answered with exactly three parts and a session id of nine digits'],
    'conformance/clients.ts': ['lists, calls, polls, cancels and faxes'],
  },
  C8: { 'conformance/call.ts': ['gives each call its own random session id'] },
  C9: { 'legacy/call.test.ts': ['the answer has exactly three parts'] },
  C10: {
    'conformance/call.ts': ['a call that cannot be requested fails with its own reason, and none is placed'],
    'conformance/failures.ts': ['%s is answered with its own reason'],
  },
  C11: { 'commands/repeats.test.ts': ['%s gets the session id of the first call', 'with another %s is another call'] },
  C12: {
    'commands/at-most-once.test.ts': ['is sent once and answered as uncertain: %s'],
    'hostile/no-false-success.test.ts': ['%s: call'],
  },
  S1: { 'conformance/status.ts': ['shows each state of a call from ringing to its end, with both numbers'] },
  S2: { 'conformance/status.ts': ['shows a destination that is %s'], 'legacy/status-digits.test.ts': ['one status'] },
  S3: { 'conformance/status.ts': ['shows each state of a call from ringing to its end, with both numbers'] },
  S4: { 'conformance/status.ts': ['shows each state of a call from ringing to its end, with both numbers'] },
  S5: {
    'conformance/status.ts': [
      'shows each state of a call from ringing to its end, with both numbers',
      'answers for a call that is over without asking RingCentral again',
    ],
  },
  S6: { 'conformance/status.ts': ['shows that the call-back party rejects the call'] },
  S7: { 'conformance/status.ts': ['shows a destination that is %s'], 'legacy/status-digits.test.ts': ['a call'] },
  S8: { 'conformance/status.ts': ['of %s is answered as for a call that is over, never with an error'] },
  S9: {
    'conformance/status.ts': [
      'of %s is answered as for a call that is over, never with an error',
      'without SessionID is answered as for a call that is over, with the id 0',
    ],
  },
  S10: { 'commands/status.test.ts': ['the last known status is answered while RingCentral gives none'] },
  S11: {
    'commands/status.test.ts': [
      "after RingCentral's 404 the call is over, and RingCentral is not asked again",
      'a %s ends no call: the last known status is answered, and the next poll asks again',
    ],
  },
  S12: {
    'conformance/status.ts': [
      'is a page with the status in words and the style sheet linked',
      'of an unknown session says that the call is over',
    ],
  },
  S13: {
    'conformance/status.ts': ['links no style sheet %s'],
    'legacy/status-html.test.ts': ['every value is escaped'],
  },
  K1: { 'conformance/cancel.ts': ['stops a call that still rings', 'of the unknown id %j is answered with OK'] },
  K2: { 'conformance/cancel.ts': ['of a connected call is answered with OK and does not end the call'] },
  K3: { 'commands/cancel.test.ts': ['cancel answers OK on every failure'] },
  K4: {
    'commands/cancel.test.ts': [
      '%s, also when other containers get the same cancel',
      'and none for a call that a poll has found to be over',
    ],
  },
  K5: {
    'commands/status.test.ts': [
      'and shows that the call was stopped, in every container',
      'and shows a connected call, which cancel does not end',
    ],
  },
  J1: {
    'conformance/list.ts': ['with format=json shows the records of RingCentral'],
    'conformance/call.ts': ['with format=json shows the ring-out resource under our session id'],
    'conformance/cancel.ts': ['with format=json is an empty object'],
  },
  J2: { 'conformance/failures.ts': ['%s has its own HTTP status', "a refusal by RingCentral has RingCentral's code"] },
  J3: { 'conformance/call.ts': ['with format=json is a 200 when RingCentral sends %s'] },
  J4: {
    'conformance/status.ts': ['of an unknown session is a 404'],
    'conformance/cancel.ts': ['with format=json of an unknown session is a 404'],
  },
  F1: { 'conformance/fax.ts': ['that is accepted is answered with only 0'] },
  F2: {
    'conformance/fax.ts': ['that cannot be sent gets a digit other than 0, and nothing is sent'],
    'legacy/failure-answers.test.ts': ['the fax digit of a failure'],
  },
  F3: { 'conformance/fax.ts': ['that cannot be sent gets a digit other than 0, and nothing is sent'] },
  F4: {
    'conformance/fax.ts': ['%s gets 5', 'an empty %s POST does not get 0'],
    'infra/template.test.ts': ['%s is %s with the body 5 as plain text'],
  },
  F5: { 'conformance/fax.ts': ['is read from %s'] },
  F6: { 'conformance/fax.ts': ['is read from %s'] },
  F7: { 'conformance/fax.ts': ['needs no password when none is stored'] },
  F8: { 'conformance/fax.ts': ['is sent with every recipient, option and document of the request'] },
  F9: { 'conformance/fax.ts': ['to several recipients: %s', 'with %s'] },
  F10: { 'conformance/fax.ts': ['that cannot be sent gets a digit other than 0, and nothing is sent'] },
  F11: { 'conformance/fax.ts': ['to the same number twice is sent once'] },
  F12: { 'conformance/fax.ts': ['cover page'], 'legacy/cover-page.test.ts': ['the cover page'] },
  F13: { 'conformance/fax.ts': ['cover page'] },
  F14: {
    'conformance/fax.ts': ['cover page'],
    'legacy/fax.test.ts': ["an unknown cover name is kept for RingCentral's dictionary"],
  },
  F15: { 'conformance/fax.ts': ['text in Windows-1252 is decoded'] },
  F16: {
    'conformance/fax.ts': ['text without an attachment is also sent as a text document'],
    'legacy/fax.test.ts': ['is not sent when the cover page is %s'],
  },
  F17: { 'conformance/fax.ts': ['text over 1,024 characters is cut, and the whole text is the first document'] },
  F18: { 'conformance/fax.ts': ['unknown or invalid options never fail a fax'], 'legacy/fax.test.ts': ['resolution'] },
  F19: {
    'conformance/fax.ts': ['unknown or invalid options never fail a fax'],
    'legacy/send-time.test.ts': ['the time to send a fax'],
  },
  F20: { 'conformance/fax.ts': ['is sent with every recipient, option and document of the request'] },
  F21: { 'conformance/fax.ts': ['with %s'], 'legacy/multipart.test.ts': ['the name and file name of a part'] },
  F22: { 'commands/fax-documents.test.ts': ['an encoded file name is decoded'], 'legacy/file-name.test.ts': [] },
  F23: {
    'commands/fax-documents.test.ts': [
      'a declared type counts before the name, and the name before the bytes',
      'a document without a name gets its type from its bytes or its declared type',
    ],
  },
  F24: {
    'commands/fax-documents.test.ts': ['a type that says nothing is ignored, and an alias is understood'],
    'legacy/fax-document.test.ts': ['the type of a document'],
  },
  F25: {
    'commands/fax-documents.test.ts': ['a text type is accepted for text only'],
    'legacy/fax-document.test.ts': ['a text type'],
  },
  F26: {
    'commands/fax-documents.test.ts': ['a PDF is recognised behind other bytes'],
    'legacy/file-signature.test.ts': [],
  },
  F27: {
    'conformance/fax.ts': ["get the right type and name when the program's are wrong"],
    'commands/fax-documents.test.ts': ['a name without a known extension gets the right one'],
  },
  F28: {
    'commands/fax-documents.test.ts': ['bytes of unknown kind that are not text are sent as application/octet-stream'],
  },
  F29: {
    'conformance/fax.ts': ['with %s', 'keep every byte in a body with %s'],
    'legacy/multipart.test.ts': ['a multipart body'],
  },
  F30: {
    'conformance/fax.ts': ['keep every byte in a body with %s'],
    'hostile/framing.test.ts': ['a readable body is served whole'],
  },
  F31: {
    'hostile/framing.test.ts': ['a readable body is served whole'],
    'legacy/multipart-delimiters.test.ts': ['with %s in a payload'],
  },
  F32: {
    'conformance/fax.ts': ['%s gets 5'],
    'hostile/framing.test.ts': ['a damaged body is refused'],
    'legacy/multipart-delimiters.test.ts': ['for random bodies and damages'],
  },
  F33: { 'legacy/multipart.test.ts': ['2,000 parts are read, and one more is refused'] },
  F34: { 'legacy/fax.test.ts': ['%s are refused before any is read'] },
  F35: {
    'edge/form.test.ts': [
      'a text field with %s is still a text field',
      'a part in %s is decoded, or the whole body is refused',
    ],
    'legacy/transfer-encoding.test.ts': [],
  },
  F36: {
    'conformance/fax.ts': ['keep every byte in a body with %s'],
    'conformance/fax-uploads.ts': ['arrives whole at the largest size, in chunks'],
    'legacy/multipart.test.ts': ['payload bytes'],
  },
  F37: {
    'conformance/fax.ts': ['%s gets 5'],
    'hostile/multipart.test.ts': ['whatever byte it ends at'],
  },
  F38: { 'conformance/fax.ts': ['%s gets 5'] },
  F39: {
    'conformance/fax.ts': ['may be url-encoded text'],
    'commands/fax-documents.test.ts': ['a url-encoded Attachment'],
  },
  F40: {
    'conformance/fax.ts': ['%s at RingCentral gets its digit after one request'],
    'legacy/failure-answers.test.ts': ['the fax digit of a failure'],
  },
  F41: { 'commands/failures.test.ts': ['refusals of a fax'] },
  F42: { 'commands/failures.test.ts': ['a 413 means too large, also with the code %s'] },
  F43: {
    'commands/repeats.test.ts': ['gets the digit of the first fax, and is sent once', 'with another %s is another fax'],
  },
  F44: { 'conformance/fax.ts': ['%s at RingCentral gets its digit after one request'] },
  F45: { 'conformance/fax.ts': ['are not sent without all of them: %s'] },
};
