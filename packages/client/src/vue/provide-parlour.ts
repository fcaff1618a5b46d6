import { type InjectionKey, inject, provide } from 'vue';
import type { Client } from '../client.ts';

const clientKey: InjectionKey<Client> = Symbol('parlour');

/** Makes a client known to all components below this one. */
export function provideParlour(client: Client): void {
  provide(clientKey, client);
}

/** The client that a component above provides. Throws where none does. */
export function injectParlour(): Client {
  const client = inject(clientKey, undefined);
  if (client) return client;
  throw new Error('No component above has called provideParlour(client).');
}
