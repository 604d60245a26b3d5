import type FaxCoverPageInfo from '@rc-ex/core/definitions/FaxCoverPageInfo';
import { pagedAnswer } from './paging.ts';
import type { Route } from './route.ts';

/** The en-US cover pages of RingCentral's API reference. Ids are strings there, but `coverIndex` is a number. */
const englishCoverPages: readonly FaxCoverPageInfo[] = [
  'None',
  'Ancient',
  'Birthday',
  'Blank',
  'Clasmod',
  'Classic',
  'Confidential',
  'Contempo',
  'Elegant',
  'Express',
  'Formal',
  'Jazzy',
  'Modern',
  'Urgent',
].map((name, index) => ({ id: String(index), name }));

/** A page that exists only in the dictionary, to test the lookup by name. */
const customCoverPage: FaxCoverPageInfo = { id: '104', name: 'Demo Letterhead' };

/** All cover pages of the simulated account. */
export const coverPages: readonly FaxCoverPageInfo[] = [...englishCoverPages, customCoverPage];

const path = '/restapi/v1.0/dictionary/fax-cover-page';

/** `GET …/dictionary/fax-cover-page`. */
export const coverPageRoute: Route = {
  kind: 'dictionary',
  group: 'light',
  method: 'GET',
  path: new RegExp(`^${path}$`),
  handle: (request) => pagedAnswer(request, path, coverPages),
};
