import { Chat } from '../../chat';
import { loadChat } from '../../../lib/chats';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <Chat id={id} messages={await loadChat(id)} />;
}
