import { ParlourError } from '@parlour/protocol/errors';
import type { Connection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';

/**
 * Checks an `authenticate` frame: the token must be the ticket's person's and hang on the ticket's grant, and that grant
 * must live. The same for the first time and for every renewal.
 */
export async function authenticateConnection(
  deps: ConnectionDeps,
  connection: Connection,
  token: string,
): Promise<void> {
  // A socket has at most one check under way, so nobody's frames change their order here.
  await deps.pace.goOn();
  if (!connection.isOpen) return;
  const expiresAt = await readExpiry(deps, connection, token);
  // One that is gone meanwhile must not be noted as there.
  if (!connection.isOpen) return;
  if (expiresAt === undefined) {
    connection.close('notAuthenticated');
    return;
  }
  if (!connection.isAuthenticated && deps.hasTooMany(connection.userId)) {
    connection.close('tooFast', 'Too many connections of one person.');
    return;
  }
  // Before the look-up: an ending or a new name that is committed after it finds the connection here.
  deps.onIdentify(connection);
  connection.awaitGrant();
  const grant = await deps.findGrant(connection.grantId);
  if (grant === undefined) {
    connection.close('notAuthenticated');
    return;
  }
  connection.authenticate(grant, Math.min(expiresAt, grant.expiresAt));
}

async function readExpiry(deps: ConnectionDeps, connection: Connection, token: string): Promise<number | undefined> {
  try {
    const { sub, sid, expiresAt } = await deps.verifyToken(token);
    return sub === connection.userId && sid === connection.grantId ? expiresAt : undefined;
  } catch (error) {
    if (error instanceof ParlourError && error.code === 'not_authenticated') return undefined;
    throw error;
  }
}
