/** assistant-ui draws the buttons; what they say goes to sayso. */
import type { FeedbackAdapter } from '@assistant-ui/react';
import { createClient } from 'sayso-widgets/client';

const client = createClient({ key: import.meta.env.PUBLIC_SAYSO_KEY, url: '/fb' });

export const feedback: FeedbackAdapter = {
  submit({ message, type }) {
    client.thumb(message.id, { value: type === 'positive' ? 'up' : 'down' });
  },
};
