/** Services beyond the project: pages, words of an answer, a vault, a chat. */
export async function read(url: string, signal?: AbortSignal): Promise<{ title: string; links: string[] }> {
  signal?.throwIfAborted();
  return { title: url, links: [] };
}

export async function* ask(question: string, signal: AbortSignal): AsyncGenerator<string> {
  for (const word of question.split(" ")) {
    signal.throwIfAborted();
    yield word;
  }
}

export const vault = { read: async (path: string): Promise<{ readonly value: string }> => ({ value: path }) };
