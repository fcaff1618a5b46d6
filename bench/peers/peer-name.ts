/** The servers that are measured side by side, in the order in which tables name them. */
export const peerNames = ['bun', 'plain-ws', 'nats', 'nchan', 'socket-io', 'parlour'] as const;
export type PeerName = (typeof peerNames)[number];

/** Those that come with the packages of this repository, and so are there wherever it is tested. */
export const packagedPeers = ['bun', 'plain-ws', 'socket-io', 'parlour'] as const satisfies readonly PeerName[];
