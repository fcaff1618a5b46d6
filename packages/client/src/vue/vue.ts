export { injectParlour, provideParlour } from './provide-parlour.ts';
export { useConnection } from './use-connection.ts';
export { type ParlourOptions, type UsedParlour, useParlour } from './use-parlour.ts';
export { type UsedRoom, useRoom } from './use-room.ts';
