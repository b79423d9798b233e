/** What the tabs of one browser use between them. Both parts are missing in some browsers and on plain http. */

/**
 * Runs `work` while no other tab of this browser runs its own under the same name. A tab that dies gives the lock up.
 * Without Web Locks two tabs may send the same item at the same moment: its key makes the server store it once.
 */
export async function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work();
  await navigator.locks.request(name, work);
}

/** Messages to and from the other tabs. Without BroadcastChannel a tab learns of the others when it next looks. */
export function openChannel<Message>(
  name: string,
  onMessage: (message: Message) => void,
): { post: (message: Message) => void } {
  if (typeof BroadcastChannel === 'undefined') return { post: () => undefined };
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event) => onMessage(event.data as Message);
  return { post: (message) => channel.postMessage(message) };
}
