/** What the page needs of `localStorage` and `sessionStorage`. */
export type PageStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Remembers as long as the page is open. */
function memoryStorage(): PageStorage {
  const entries = new Map<string, string>();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
  };
}

/** Where site data is blocked, the mere mention of `localStorage` throws: the page remembers in memory then. */
export function browserStorage(kind: 'localStorage' | 'sessionStorage'): PageStorage {
  try {
    return window[kind];
  } catch (error) {
    if (error instanceof DOMException && error.name === 'SecurityError') return memoryStorage();
    throw error;
  }
}
