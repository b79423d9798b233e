import { type Messages, NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';

type Namespace = keyof Messages;

/** The namespaces that every page needs. */
const shared: Namespace[] = ['ui', 'shell', 'account'];

/** Sends a page the messages of these namespaces only. */
export async function Translations({ of = [], children }: { of?: Namespace[]; children: ReactNode }) {
  const all = await getMessages();
  const messages = Object.fromEntries([...shared, ...of].map((name) => [name, all[name]]));
  return <NextIntlClientProvider messages={messages}>{children}</NextIntlClientProvider>;
}
