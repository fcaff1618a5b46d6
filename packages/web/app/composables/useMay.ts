import { can, type Permission } from '@parlour/protocol/permissions';

/** Whether the signed-in person's role allows something, from the moment on that it does. The server decides. */
export function useMay(permission: Permission): ComputedRef<boolean> {
  const { account } = useSession();
  return computed(() => account.value !== null && can(account.value.role, permission));
}
