/** Answers the parent's questions; a rejection becomes the parent's error. */
declare function answerParent(answerTo: (ask: never) => Promise<unknown>): void;
export = answerParent;
