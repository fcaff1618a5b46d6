import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  type MaybeRefOrGetter,
  onMounted,
  type ShallowRef,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import type { Client, RoomOptions, RoomSnapshot, RoomView } from '../client.ts';

/** A room and the fields of its snapshot, as refs. `room` is what to act on: `room.value.send(…)`. */
export type UsedRoom = { room: Readonly<ShallowRef<RoomView>>; snapshot: Readonly<ShallowRef<RoomSnapshot>> } & {
  [Field in Exclude<keyof RoomSnapshot, 'id'>]-?: ComputedRef<RoomSnapshot[Field]>;
};

/**
 * A room that is open as long as the component is mounted; it follows `id`. While rendering on the server, and until
 * mounted, it shows what `options.history` holds and opens nothing.
 */
export function useRoom(
  client: Client,
  id: MaybeRefOrGetter<string>,
  options: MaybeRefOrGetter<RoomOptions> = {},
): UsedRoom {
  const room = shallowRef(client.room(toValue(id), toValue(options)));
  const snapshot = shallowRef(room.value.snapshot);
  const isMounted = shallowRef(!getCurrentInstance());
  if (getCurrentInstance()) {
    onMounted(() => {
      isMounted.value = true;
    });
  }
  watch(
    () => toValue(id),
    (next) => {
      room.value = client.room(next, toValue(options));
    },
    { flush: 'sync' },
  );
  watch([room, isMounted], ([view, opens], _, onCleanup) => onCleanup(show(view, opens, snapshot)), {
    immediate: true,
    flush: 'sync',
  });
  const field = <Field extends keyof RoomSnapshot>(name: Field) => computed(() => snapshot.value[name]);
  return {
    room,
    snapshot,
    state: field('state'),
    error: field('error'),
    events: field('events'),
    pending: field('pending'),
    present: field('present'),
    presentCount: field('presentCount'),
    typing: field('typing'),
    hasOlder: field('hasOlder'),
    head: field('head'),
  };
}

function show(view: RoomView, opens: boolean, snapshot: ShallowRef<RoomSnapshot>): () => void {
  const look = () => {
    snapshot.value = view.snapshot;
  };
  look();
  const stop = view.subscribe(look);
  if (opens) view.open();
  return () => {
    stop();
    if (opens) view.close();
  };
}
