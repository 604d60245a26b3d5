/** One HTTP answer before it is sent. Routes return these; only the server uses a socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Builds a JSON answer. RingCentral's success and error bodies are all JSON. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** Builds an answer without a body, such as the 204 of a cancelled call. */
export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: '' };
}

/** Builds an answer for the simulator's own routes (`/__simulator/…`), which RingCentral does not have. */
export function textAnswer(status: number, text: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, headers: { 'content-type': contentType }, body: text };
}

/**
 * Builds an error in the observed format of RingCentral's v1.0 API: the documented `errors[]`, and the first entry's
 * code, message and extra fields again at the top level.
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

/** 400 CMN-101, RingCentral's error for a parameter with a wrong value. */
export function invalidParameter(parameterName: string, parameterValue: unknown): Answer {
  return apiError(400, 'CMN-101', `Parameter [${parameterName}] value is invalid`, {
    parameterName,
    parameterValue: typeof parameterValue === 'string' ? parameterValue : JSON.stringify(parameterValue ?? null),
  });
}

/** 404 CMN-102, for a resource that does not exist, no longer exists or belongs to another user. */
export function notFound(parameterName: string): Answer {
  return apiError(404, 'CMN-102', `Resource for parameter [${parameterName}] is not found`, { parameterName });
}

/** 400 CMN-103 for a JSON body that is missing or unreadable, or 415 CMN-104 for another content type. */
export function unreadableJson(contentType: string): Answer {
  return contentType.toLowerCase().startsWith('application/json')
    ? apiError(400, 'CMN-103', 'Failed to read JSON value from request body')
    : apiError(415, 'CMN-104', 'Content type is not supported', { parameterName: 'Content-Type' });
}

/** Builds an error of the token endpoint: RFC 6749's fields with RingCentral's `errors[]`. */
export function oauthError(status: number, error: string, errorCode: string, message: string): Answer {
  return jsonAnswer(status, { error, errors: [{ errorCode, message }], error_description: message });
}

/**
 * Builds the 401 of an API request. The symbolic `TokenInvalid` at the top level was observed on RingCentral; clients
 * must use the code in `errors[]`.
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
