/** Chats in files, so that they outlive a reload and a restart. A real application has a database here. */
import type { UIMessage } from 'ai';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = process.env.CHATS ?? '.chats';

function fileOf(id: string) {
  if (!/^[\w-]{1,64}$/.test(id)) throw new Error('A chat id is letters, digits, _ and -.');
  return join(/* turbopackIgnore: true */ FOLDER, `${id}.json`);
}

export async function loadChat(id: string): Promise<UIMessage[]> {
  const text = await readFile(fileOf(id), 'utf8').catch(() => '[]');
  return JSON.parse(text);
}

export async function saveChat(id: string, messages: UIMessage[]) {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${fileOf(id)}.new`, JSON.stringify(messages));
  await rename(`${fileOf(id)}.new`, fileOf(id));
}
