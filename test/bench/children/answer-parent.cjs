'use strict';

/**
 * Answers the questions of the parent process one after the other: `{id, ask}` in, `{id, answer}` or `{id, error}` out.
 * Ends with the parent.
 *
 * @param {(ask: any) => Promise<unknown>} answerTo
 */
module.exports = function answerParent(answerTo) {
  process.on('message', ({ id, ask }) => {
    answerTo(ask).then(
      (answer) => process.send({ id, answer }),
      (error) => process.send({ id, error: String(error?.stack ?? error) }),
    );
  });
  process.on('disconnect', () => process.exit());
};
