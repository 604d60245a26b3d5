/** Longest time one token request may take. */
export const grantTimeoutMs = 6000;

/**
 * After a token request that failed, though RingCentral did not say no, so long nobody sends another: RingCentral allows
 * five a minute and user, and an endpoint in trouble is not helped by more.
 */
export const pauseAfterFailureMs = 15_000;

/** Kept of a legacy request's time for the API call that the token is for. */
export const apiCallReserveMs = 1500;
