/**
 * Opens what an entry of a menu leads to once the menu has given the focus back to its button, so that a dialog gives it
 * back there too.
 */
export function useAfterMenu() {
  let wanted: (() => void) | undefined;

  function afterMenu(open: () => void): void {
    wanted = open;
  }

  /** For the menu's content: it is gone now, however long that took, and its button has the focus a timer later. */
  function onCloseAutoFocus(): void {
    const open = wanted;
    wanted = undefined;
    if (open) setTimeout(() => setTimeout(open));
  }

  return { afterMenu, onCloseAutoFocus };
}
