import type { User } from '../../../lib/domain/user.ts';
import { failed, passed, shown, skipped, type Check, type Section } from '../report/check.ts';
import { renderTable } from '../report/report.ts';
import { userName } from '../report/user-name.ts';
import { describeFax, duration, type Description } from './description.ts';
import { isOpen, type Fax } from './fax.ts';

/** RingCentral's status of a user's faxes, by message id, or the code of the failure to read it. */
export type Statuses = ReadonlyMap<string, string> | string;

/** The data of a listing. */
export interface Listing {
  readonly faxes: readonly Fax[];
  /** By user key, like `statuses`. */
  readonly users: ReadonlyMap<string, User>;
  readonly statuses: ReadonlyMap<string, Statuses>;
  readonly nowMs: number;
  readonly maxAgeMs: number;
  /** The arguments that name the installation. */
  readonly args: string;
}

/** Renders the table for people: one section per user, oldest fax first. */
export function renderFaxes(title: string, listing: Listing): string {
  if (listing.faxes.length === 0) return `${title}: none`;
  const byUser = Map.groupBy(listing.faxes, ({ userKey }) => userKey);
  const sections: Section[] = [...byUser].map(([key, faxes]) => ({
    title: `User ${nameOf(key, listing)}`,
    checks: faxes.map((fax) => checkOf(fax, listing)),
  }));
  return `${title}\n\n${renderTable(sections)}`;
}

function checkOf(fax: Fax, listing: Listing): Check {
  const { text, trouble } = describeFax(fax, listing);
  const ringCentral = ringCentralStatus(fax, listing);
  const detail = [
    `${duration(listing.nowMs - fax.createdAtMs)} old`,
    `to ${recipientsOf(fax)}`,
    [text, ...(ringCentral === undefined ? [] : [`RingCentral: ${ringCentral}`])].join('; '),
  ].join(', ');
  if (trouble !== undefined) return failed(fax.id, detail, remedyFor(trouble, fax, listing.args));
  return fax.state === 'sent' ? passed(fax.id, detail) : skipped(fax.id, detail);
}

function recipientsOf({ recipients, recipientCount }: Fax): string {
  const more = recipientCount - recipients.length;
  return [...recipients.map(shown), ...(more > 0 ? [`${more} more`] : [])].join(' and ');
}

/** Returns RingCentral's status of the fax; undefined unless RingCentral has it. */
function ringCentralStatus({ state, userKey, messageIds }: Fax, { statuses }: Listing): string | undefined {
  if (state !== 'sent') return undefined;
  const ofUser = statuses.get(userKey);
  if (ofUser === undefined) return undefined;
  if (typeof ofUser === 'string') return `its list cannot be read (${ofUser})`;
  const found = messageIds.map((id) => ofUser.get(id) ?? 'not in its list');
  return [...new Set(found)].map(shown).join(', ');
}

function remedyFor(trouble: NonNullable<Description['trouble']>, { id }: Fax, args: string): string {
  const run = (order: string): string => `npm run faxes -- ${args} ${order} ${id}`;
  switch (trouble) {
    case 'given up':
      return `Put the reason right, then: ${run('--send-again')}`;
    case 'stuck':
      return `Look at alarm oldest-fax in docs/troubleshooting.md. A new message for it: ${run('--give-up')}, then --send-again`;
  }
}

function nameOf(key: string, { users }: Listing): string {
  const user = users.get(key);
  return user === undefined ? `of no secret that can be read (key ${shown(key)})` : userName(user);
}

/** Renders the faxes as JSON: `{ok, faxes: [{id, user, state, trouble?, …}]}`. */
export function renderFaxesJson(listing: Listing): string {
  const { nowMs } = listing;
  const faxes = listing.faxes.map((fax) => {
    const { text, trouble } = describeFax(fax, listing);
    return {
      id: fax.id,
      ageSeconds: Math.round((nowMs - fax.createdAtMs) / 1000),
      user: nameOf(fax.userKey, listing),
      recipients: fax.recipients,
      recipientCount: fax.recipientCount,
      state: fax.state,
      description: text,
      trouble,
      reason: fax.reason,
      code: fax.code,
      unclearAttempts: fax.unclearAttempts,
      nextTryInSeconds:
        isOpen(fax.state) && fax.notBeforeMs !== undefined
          ? Math.max(0, Math.round((fax.notBeforeMs - nowMs) / 1000))
          : undefined,
      ringCentral: ringCentralStatus(fax, listing),
    };
  });
  return JSON.stringify({ ok: !hasTrouble(listing), faxes }, undefined, 2);
}

/** Whether any fax was given up or is stuck. */
export const hasTrouble = (listing: Listing): boolean =>
  listing.faxes.some((fax) => describeFax(fax, listing).trouble !== undefined);
