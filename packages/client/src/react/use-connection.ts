import { useCallback, useSyncExternalStore } from 'react';
import type { Client, ConnectionState } from '../client.ts';

/** The connection as it is now. It neither connects nor closes. */
export function useConnection(client: Client): ConnectionState {
  const subscribe = useCallback((changed: () => void) => client.on('state', changed), [client]);
  const look = () => client.state;
  return useSyncExternalStore(subscribe, look, look);
}
