import { handleOf } from '@parlour/protocol/mentions';
import type { Member } from '@parlour/protocol/rooms';

export type Handles = { own: string; all: ReadonlySet<string> };

const key: InjectionKey<ComputedRef<Handles>> = Symbol('handles');

/** Makes known to a room's messages who can be meant by an `@name` in them. */
export function provideHandles(members: () => readonly Member[]): void {
  const me = useMe();
  provide(
    key,
    computed(() => ({ own: handleOf(me.name), all: new Set(members().map((member) => handleOf(member.name))) })),
  );
}

export function useHandles(): ComputedRef<Handles> {
  return inject(key, () => computed(() => ({ own: '', all: new Set<string>() })), true);
}
