import type { FailureDetail } from './failure.ts';
import { asNumber, asObject, asText } from './untrusted.ts';

/** Reads the detail of a stored failure. Leaves out `hint`, which belongs to the log of the original request. */
export function readFailureDetail(value: unknown): FailureDetail {
  const detail = asObject(value);
  const retryAfterSeconds = asNumber(detail?.['retryAfterSeconds']);
  const heldSeconds = asNumber(detail?.['heldSeconds']);
  const upstreamStatus = asNumber(detail?.['upstreamStatus']);
  const upstreamCode = asText(detail?.['upstreamCode']);
  return {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(heldSeconds === undefined ? {} : { heldSeconds }),
    ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
    ...(upstreamCode === undefined ? {} : { upstreamCode }),
  };
}
