/** What a model would say: the same answer to the same question, so that the examples need no network. */

const ANSWERS = [
  {
    about: /refund|money|back/i,
    text: 'You can return anything within 30 days. Once the parcel is with us, the refund takes three working days and goes back the way you paid.',
  },
  {
    about: /deliver|ship|arrive|parcel/i,
    text: 'Orders placed before noon leave the same day. Most parcels arrive within two days, and the link in your mail shows where yours is.',
  },
  {
    about: /password|account|sign|log/i,
    text: 'Open Settings, then Security, and choose a new password. You stay signed in on this device and are signed out everywhere else.',
  },
];

const DEFAULT = 'I can help with refunds, delivery and your account. Tell me what you bought, and I will look it up.';

/**
 * @param {string} question
 * @returns {string}
 */
export const answerTo = (question) => ANSWERS.find(({ about }) => about.test(question))?.text ?? DEFAULT;
