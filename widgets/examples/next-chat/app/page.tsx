import { generateId } from 'ai';
import { redirect } from 'next/navigation';

export const dynamic = 'force-dynamic';

/** Every visit begins a chat of its own. */
export default function Page() {
  redirect(`/chat/${generateId()}`);
}
