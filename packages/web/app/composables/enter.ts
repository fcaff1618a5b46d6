/** Goes in with a page of its own, so that nothing of the visit before the login is left over. */
export function enter(path: string): void {
  window.location.assign(path);
}
