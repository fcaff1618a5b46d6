import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import type { Client, ConnectionState } from '../client.ts';

/** The connection as it is now. It neither connects nor closes. */
export function useConnection(client: Client): Readonly<ShallowRef<ConnectionState>> {
  const state = shallowRef(client.state);
  onScopeDispose(
    client.on('state', (next) => {
      state.value = next;
    }),
  );
  return state;
}
