/** Longest time one token request may take. */
export const grantTimeoutMs = 6000;

/** Kept of a legacy request's time for the API call that the token is for. */
export const apiCallReserveMs = 1500;
