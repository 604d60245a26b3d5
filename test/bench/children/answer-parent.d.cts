/** Answers the parent's questions; a rejection becomes the parent's error. */
declare function answerParent<Ask>(answerTo: (ask: Ask) => Promise<unknown>): void;
export = answerParent;
