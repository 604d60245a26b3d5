/*
 * The tests that prove each rule of docs/compatibility.md, by the rule's number: test titles by file below test/. A file
 * without titles proves the rule as a whole.
 */
export const proofs: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  B1: { 'conformance/transport.ts': ['%s answers as ringout.asp', '%s answers as faxapi.asp'] },
  B2: { 'conformance/transport.ts': ['%s answers as ringout.asp', '%s answers as faxapi.asp'] },
  B3: { 'conformance/transport.ts': ['%s is not served: 403 with the body 5', '%s is not served: no OK and no 0'] },
  B4: { 'conformance/failures.ts': ['%s is a failure', '%s has a reason of its own'] },
  B5: { 'conformance/transport.ts': ['an answer ends without a line end and is not compressed'] },
  B6: { 'conformance/transport.ts': ['%s is served like any other'] },
  B7: { 'conformance/parameters.ts': ['a session id is found', 'with %s'] },
  B8: { 'conformance/parameters.ts': ['with %s'], 'legacy/fields.test.ts': ['one value of a field'] },
  B9: { 'conformance/parameters.ts': ['with %s'] },
  B10: { 'conformance/parameters.ts': ['with %s'], 'conformance/transport.ts': ['%s is served like any other'] },
  B11: {
    'conformance/parameters.ts': ['in the body before the query', 'in the query where the body has an empty one'],
  },
  B12: {
    'conformance/parameters.ts': ['with a password in the encoding its content type declares, %s'],
    'conformance/fax.ts': ['with text in the encoding that its part declares is read as that'],
  },
  B13: {
    'conformance/parameters.ts': ['with a password in %s', 'with a password in raw Windows-1252 bytes in the body'],
    'legacy/text-encoding.test.ts': ['text of unknown encoding'],
  },
  B14: {
    'legacy/text-encoding.test.ts': ['text of a declared encoding'],
    'legacy/url-encoded.test.ts': ['a declared encoding'],
    'edge/form.test.ts': ['the encoding of a text'],
  },
  B15: {
    'conformance/parameters.ts': ['in a body with %s'],
    'legacy/text-encoding.test.ts': ['text of a declared encoding'],
  },
  B16: {
    'conformance/parameters.ts': ['in a body with %s'],
    'legacy/fields.test.ts': ['one value of a field'],
    'edge/form.test.ts': ['of a document does not matter: its bytes stay as they are'],
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
      'nothing in an answer keeps it out of a frame, makes it a download or sets a cookie',
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
      'Expect: 100-continue of a client that does not wait is served',
    ],
  },
  B24: {
    'conformance/transport.ts': ['%s is served like any other'],
    'conformance/fax.ts': ['keep every byte when the content type of the request is in mixed case'],
  },
  B25: {
    'commands/web-pages.test.ts': ['is refused %s, and RingCentral is not asked', 'a named page is let through %s'],
    'conformance/transport.ts': ['%s in a page of another site is refused call, list and fax'],
  },
  B26: {
    'commands/web-pages.test.ts': [
      'what is no page of another site notices nothing',
      '%s, which old pages load in a frame',
    ],
  },
  B27: {
    'conformance/transport.ts': ['nothing in an answer keeps it out of a frame, makes it a download or sets a cookie'],
  },
  B28: { 'conformance/transport.ts': ['an answer is not to be kept by a cache'] },
  B29: { 'legacy/failure-answers.test.ts': ['%s is one plain sentence that no program takes for success'] },
  B30: {
    'legacy/failure-answers.test.ts': [
      '%s is one plain sentence that no program takes for success',
      'no detail makes a text illegal',
    ],
  },
  B31: {
    'conformance/parameters.ts': ['for %s, with the one text on record'],
    'legacy/failure-answers.test.ts': ['wrong credentials have the one text on record'],
  },
  B32: { 'legacy/failure-answers.test.ts': ['distinct causes have distinct texts'] },
  B33: {
    'conformance/transport.ts': ['a form that is cut short is not acted on'],
    'conformance/fax-uploads.ts': ['an upload that breaks off sends nothing'],
  },
  B34: { 'hostile/framing.test.ts': ['is refused'], 'legacy/multipart-delimiters.test.ts': ['whatever the damage'] },
  B35: { 'edge/form.test.ts': ['a %s body of more fields than any program sends is unreadable'] },
  B36: {
    'infra/template.test.ts': ['%s is %s with the body 5 as plain text'],
    'infra/local/gateway.test.ts': ['what no function answers is answered as the deployed gateway would'],
  },
  B37: { 'conformance/transport.ts': ['%s is served like any other'] },
  W1: { 'conformance/parameters.ts': ['a user is known'] },
  W2: { 'conformance/parameters.ts': ['a user is known'], 'access/user-directory.test.ts': [] },
  W3: { 'conformance/parameters.ts': ['a user is known', 'as the main line without an extension: %j'] },
  W4: { 'conformance/parameters.ts': ['a user is known'], 'legacy/credentials.test.ts': ['credentials'] },
  W5: {
    'conformance/parameters.ts': ['a user is refused'],
    'conformance/status.ts': ['needs no credentials and looks at none'],
  },
  W6: { 'conformance/parameters.ts': ['and RingCentral is asked nothing'] },
  W7: { 'conformance/parameters.ts': ['who has no legacy password, %s'] },
  L1: {
    'conformance/list.ts': [
      'is OK and pairs of number and label',
      'shows all pages of the numbers usable as From, in order, with unique labels',
    ],
  },
  L2: { 'conformance/list.ts': ['shows all pages of the numbers usable as From, in order, with unique labels'] },
  L3: { 'conformance/list.ts': ['of a user at home elsewhere shows numbers that read back as the same ones'] },
  L4: {
    'conformance/call.ts': ['takes every number of list as From'],
    'legacy/phone-number.test.ts': ['what is printed is read back as the same number, for every home country'],
  },
  L5: { 'legacy/list.test.ts': ['is an even list of digits and unique labels whatever RingCentral says'] },
  L6: {
    'conformance/list.ts': ['shows all pages of the numbers usable as From, in order, with unique labels'],
    'legacy/list.test.ts': ['the answer to list'],
  },
  L7: { 'legacy/list.test.ts': ['is an even list of digits and unique labels whatever RingCentral says'] },
  L8: { 'conformance/list.ts': ['without any number is OK and a space'] },
  C1: { 'conformance/call.ts': ['Prompt=%j sends playPrompt %j', '%s is the caller id'] },
  C2: { 'conformance/call.ts': ['with an empty caller id sends none'] },
  C3: { 'conformance/call.ts': ['reads a number with %s'] },
  C4: {
    'conformance/call.ts': [
      'reads a number of the country the user is at home in',
      'a number that might ring a stranger abroad is refused',
    ],
    'legacy/phone-number.test.ts': ['reading a number'],
  },
  C5: {
    'conformance/call.ts': [
      'takes the call-back number that is configured, asking for no others',
      'takes the first number usable as From and remembers it',
      'and without any such number is a failure of its own',
    ],
  },
  C6: { 'conformance/call.ts': ['is answered with exactly three parts and a session id of nine digits'] },
  C7: {
    'conformance/call.ts': ['is answered with exactly three parts and a session id of nine digits'],
    'conformance/clients.ts': ['lists, calls, follows, cancels and faxes'],
  },
  C8: { 'conformance/call.ts': ['gives no two calls the same session id'] },
  C9: { 'legacy/call.test.ts': ['the answer has exactly three parts'] },
  C10: {
    'conformance/call.ts': ['a call that cannot be asked for is a failure with its own reason, and none is placed'],
    'conformance/failures.ts': ['%s has a reason of its own'],
  },
  C11: { 'commands/repeats.test.ts': ['%s gets the session id of the first', 'with another %s is another call'] },
  C12: { 'conformance/failures.ts': ['%s has a reason of its own'] },
  S1: { 'conformance/status.ts': ['follows a call from ringing to its end, with both numbers as they were called'] },
  S2: { 'conformance/status.ts': ['tells a destination that is %s'], 'legacy/status-digits.test.ts': ['one status'] },
  S3: { 'conformance/status.ts': ['follows a call from ringing to its end, with both numbers as they were called'] },
  S4: { 'conformance/status.ts': ['follows a call from ringing to its end, with both numbers as they were called'] },
  S5: {
    'conformance/status.ts': [
      'follows a call from ringing to its end, with both numbers as they were called',
      'a call that is over stays over, without asking again',
    ],
  },
  S6: { 'conformance/status.ts': ['tells that the call-back party rejects'] },
  S7: { 'conformance/status.ts': ['tells a destination that is %s'], 'legacy/status-digits.test.ts': ['a call'] },
  S8: { 'conformance/status.ts': ['of %s is the completed form, never an error'] },
  S9: {
    'conformance/status.ts': [
      'of %s is the completed form, never an error',
      'without the parameter is the completed form of 0',
    ],
  },
  S10: { 'commands/status.test.ts': ['while RingCentral cannot be asked, the last known status stands'] },
  S11: {
    'commands/status.test.ts': [
      '404 means over, and over it stays with nothing asked again',
      'a %s ends no call: the last known state stands, and is asked for again',
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
    'legacy/status-html.test.ts': ['no value makes markup of its own'],
  },
  K1: { 'conformance/cancel.ts': ['stops a call that still rings', 'of the unknown id %j is answered the same'] },
  K2: { 'conformance/cancel.ts': ['of a call that talks is answered the same and leaves it alone'] },
  K3: { 'commands/cancel.test.ts': ['the answer is the same in any trouble'] },
  K4: {
    'commands/cancel.test.ts': [
      '%s, whichever container is asked again',
      'and not at all for one that a poll has found to be over',
    ],
  },
  K5: {
    'commands/status.test.ts': [
      'one that has stopped the call, in this container and in others',
      'one that came too late: a call that talks goes on talking',
    ],
  },
  J1: {
    'conformance/list.ts': ['with format=json shows the records of RingCentral'],
    'conformance/call.ts': ['with format=json shows the ring-out resource under our session id'],
    'conformance/cancel.ts': ['with format=json is an empty object'],
  },
  J2: { 'conformance/failures.ts': ['%s has a true status', "a refusal carries RingCentral's code"] },
  J3: { 'conformance/call.ts': ['with format=json is a 200 whatever its first status says'] },
  J4: {
    'conformance/status.ts': ['of an unknown session is a 404'],
    'conformance/cancel.ts': ['with format=json of an unknown session is a 404'],
  },
  F1: { 'conformance/fax.ts': ['that is accepted is answered with 0 alone'] },
  F2: {
    'conformance/fax.ts': ['that cannot be sent is a digit other than 0, and nothing is sent'],
    'legacy/failure-answers.test.ts': ['the fax digit of a failure'],
  },
  F3: { 'conformance/fax.ts': ['that cannot be sent is a digit other than 0, and nothing is sent'] },
  F4: {
    'conformance/fax.ts': ['%s is 5', 'an empty %s POST is not 0'],
    'infra/template.test.ts': ['%s is %s with the body 5 as plain text'],
  },
  F5: { 'conformance/fax.ts': ['is read from %s'] },
  F6: { 'conformance/fax.ts': ['is read from %s'] },
  F7: { 'conformance/fax.ts': ['may have no password where none is stored'] },
  F8: { 'conformance/fax.ts': ['goes out with everything it was ordered with'] },
  F9: { 'conformance/fax.ts': ['to several recipients: %s', 'with %s'] },
  F10: { 'conformance/fax.ts': ['that cannot be sent is a digit other than 0, and nothing is sent'] },
  F11: { 'conformance/fax.ts': ['to the same number twice goes out once'] },
  F12: { 'conformance/fax.ts': ['cover page'], 'legacy/cover-page.test.ts': ['the cover page'] },
  F13: { 'conformance/fax.ts': ['cover page'] },
  F14: { 'conformance/fax.ts': ['cover page'], 'legacy/fax.test.ts': ['an unknown cover name is looked up later'] },
  F15: { 'conformance/fax.ts': ['with text in Windows-1252 is read as that'] },
  F16: {
    'conformance/fax.ts': ['with text and no attachment goes out as a text document too'],
    'legacy/fax.test.ts': ['without a cover page (%s) is not sent'],
  },
  F17: { 'conformance/fax.ts': ['with more text than fits has it cut, and sent whole as the first document'] },
  F18: { 'conformance/fax.ts': ['details that are never an error'], 'legacy/fax.test.ts': ['resolution'] },
  F19: {
    'conformance/fax.ts': ['details that are never an error'],
    'legacy/send-time.test.ts': ['the time to send a fax'],
  },
  F20: { 'conformance/fax.ts': ['goes out with everything it was ordered with'] },
  F21: { 'conformance/fax.ts': ['with %s'], 'legacy/multipart.test.ts': ['the name and file name of a part'] },
  F22: { 'commands/fax-documents.test.ts': ['an encoded file name is decoded'], 'legacy/file-name.test.ts': [] },
  F23: {
    'commands/fax-documents.test.ts': [
      'a declared type counts before the name, and the name before the bytes',
      'a document without a name is what its bytes are',
    ],
  },
  F24: {
    'commands/fax-documents.test.ts': ['a type may say nothing, or be another name of one'],
    'legacy/fax-document.test.ts': ['the type of a document'],
  },
  F25: {
    'commands/fax-documents.test.ts': ['a text type is believed of text only'],
    'legacy/fax-document.test.ts': ['a text type'],
  },
  F26: {
    'commands/fax-documents.test.ts': ['a PDF may have something before it'],
    'legacy/file-signature.test.ts': [],
  },
  F27: {
    'conformance/fax.ts': ['go out as what they are, whatever their names and types say'],
    'commands/fax-documents.test.ts': ['a name without a known extension gets the right one'],
  },
  F28: {
    'commands/fax-documents.test.ts': [
      'bytes that are neither text nor known are sent as binary, and RingCentral decides',
    ],
  },
  F29: {
    'conformance/fax.ts': ['with %s', 'keep every byte in a body with %s'],
    'legacy/multipart.test.ts': ['a multipart body'],
  },
  F30: { 'conformance/fax.ts': ['keep every byte in a body with %s'], 'hostile/framing.test.ts': ['is served whole'] },
  F31: {
    'hostile/framing.test.ts': ['is served whole'],
    'legacy/multipart-delimiters.test.ts': ['with %s in a payload'],
  },
  F32: {
    'conformance/fax.ts': ['%s is 5'],
    'hostile/framing.test.ts': ['is refused'],
    'legacy/multipart-delimiters.test.ts': ['whatever the damage'],
  },
  F33: { 'legacy/multipart.test.ts': ['2,000 parts are read, and one more is refused'] },
  F34: { 'legacy/fax.test.ts': ['%s are refused before one is read'] },
  F35: {
    'edge/form.test.ts': [
      'a text field with %s is a text field all the same',
      'a part in %s is decoded, or the whole is refused',
    ],
    'legacy/transfer-encoding.test.ts': [],
  },
  F36: {
    'conformance/fax.ts': ['keep every byte in a body with %s'],
    'conformance/fax-uploads.ts': ['arrives whole, also at the largest size'],
    'legacy/multipart.test.ts': ['payload bytes'],
  },
  F37: {
    'conformance/fax.ts': ['%s is 5'],
    'legacy/multipart.test.ts': ['a complete body is refused wherever it is cut'],
  },
  F38: { 'conformance/fax.ts': ['%s is 5'] },
  F39: {
    'conformance/fax.ts': ['may come as url-encoded text'],
    'commands/fax-documents.test.ts': ['a url-encoded Attachment'],
  },
  F40: {
    'conformance/fax.ts': ['%s at RingCentral, asked once'],
    'legacy/failure-answers.test.ts': ['the fax digit of a failure'],
  },
  F41: { 'commands/failures.test.ts': ['refusals of a fax'] },
  F42: { 'commands/failures.test.ts': ['a 413 is too large, also with the code %s'] },
  F43: {
    'commands/repeats.test.ts': ['gets the digit of the first, and is sent once', 'with another %s is another fax'],
  },
  F44: { 'conformance/fax.ts': ['%s at RingCentral, asked once'] },
  F45: { 'conformance/fax.ts': ['are not sent without all of them: %s'] },
};
