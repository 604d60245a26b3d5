/** One HTTP answer before it is sent: the routes return these, only the server touches a socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON answer; RingCentral's success and error bodies are all JSON. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** An answer without a body, such as the 204 of a cancelled call. */
export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: '' };
}

/** Answers of the simulator's own (`/__simulator/…`), which RingCentral does not have. */
export function textAnswer(status: number, text: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, headers: { 'content-type': contentType }, body: text };
}

/**
 * A refusal in the shape that RingCentral's v1.0 API was observed to answer with: the documented `errors[]`, and
 * the first entry's code, message and extra fields once more at the top level.
 */
export function apiError(
  status: number,
  errorCode: string,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonAnswer(status, { errorCode, message, errors: [{ errorCode, message, ...extra }], ...extra }, headers);
}

/** 400 CMN-101, RingCentral's word for a parameter with a wrong value. */
export function invalidParameter(parameterName: string, parameterValue: unknown): Answer {
  return apiError(400, 'CMN-101', `Parameter [${parameterName}] value is invalid`, {
    parameterName,
    parameterValue: typeof parameterValue === 'string' ? parameterValue : JSON.stringify(parameterValue ?? null),
  });
}

/** 404 CMN-102, for anything that does not exist, no longer exists or belongs to somebody else. */
export function notFound(parameterName: string): Answer {
  return apiError(404, 'CMN-102', `Resource for parameter [${parameterName}] is not found`, { parameterName });
}

/** 400 CMN-103 and -104: a JSON body that is not there or cannot be read. */
export function unreadableJson(contentType: string): Answer {
  return contentType.toLowerCase().startsWith('application/json')
    ? apiError(400, 'CMN-103', 'Failed to read JSON value from request body')
    : apiError(415, 'CMN-104', 'Content type is not supported', { parameterName: 'Content-Type' });
}

/** A refusal of the token endpoint: RFC 6749's fields with RingCentral's `errors[]`. */
export function oauthError(status: number, error: string, errorCode: string, message: string): Answer {
  return jsonAnswer(status, { error, errors: [{ errorCode, message }], error_description: message });
}

/**
 * 401 of an API request. The symbolic `TokenInvalid` at the top level was observed on RingCentral; the code to go by
 * is the one in `errors[]`.
 */
export function tokenInvalid(errorCode: string, message: string): Answer {
  return jsonAnswer(
    401,
    { errorCode: 'TokenInvalid', message, errors: [{ errorCode, message }] },
    {
      'www-authenticate': `Bearer realm="RingCentral REST API", error="invalid_token", error_description="${message}"`,
    },
  );
}
