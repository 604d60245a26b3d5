/** Longest duration of one token request, in milliseconds. */
export const grantTimeoutMs = 6000;

/**
 * Pause after a token request that failed without a definite refusal, in milliseconds. RingCentral allows five token
 * requests a minute for each user, and more requests do not help an endpoint in trouble.
 */
export const pauseAfterFailureMs = 15_000;

/** Part of a legacy request's time that is reserved for the API call after the token, in milliseconds. */
export const apiCallReserveMs = 1500;
