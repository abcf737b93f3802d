/** assistant-ui draws the buttons; what they say goes to sayso. */
import type { FeedbackAdapter } from '@assistant-ui/react';
import { Client } from 'sayso-widgets/client';

const client = new Client({ key: import.meta.env.PUBLIC_SAYSO_KEY, url: '/fb' });
client.start();

export const feedback: FeedbackAdapter = {
  submit({ message, type }) {
    const value = type === 'positive' ? 'up' : 'down';
    client.add(client.make({ kind: 'thumb', target: message.id, body: { value } }).event);
  },
};
