import type { Client, ConnectionName } from '@parlour/client';
import { useConnection } from '@parlour/client/react';

const words: Record<ConnectionName, string> = {
  idle: 'Not connected',
  connecting: 'Connecting …',
  ready: 'Connected',
  offline: 'Offline',
  'signed-out': 'Signed out',
};

/** The connection's state in words, with the reason where something is wrong. */
export function ConnectionBadge({ client }: { client: Client }) {
  const { name, reason } = useConnection(client);
  return (
    <p className="badge" role="status" data-state={name}>
      <strong>{words[name]}</strong>
      {reason && <span>{reason}</span>}
    </p>
  );
}
