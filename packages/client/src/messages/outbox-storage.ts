/** Where unsent messages outlive a reload: the shape of `sessionStorage`. It is given texts, never a token. */
export type OutboxStorage = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

function memoryStorage(): OutboxStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** The tab's own storage, or memory where there is none or the browser forbids it. */
export function findStorage(): OutboxStorage {
  try {
    return typeof window === 'undefined' ? memoryStorage() : window.sessionStorage;
  } catch {
    return memoryStorage();
  }
}
