const prefix = 'parlour-draft-';

/** What is half written in one place. Kept by the tab, so that a reload does not lose it. */
export function useDraft(place: string) {
  const key = prefix + place;
  return {
    read: (): string => attempt(() => sessionStorage.getItem(key)) ?? '',
    write: (text: string): void => {
      attempt(() => (text === '' ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, text)));
    },
  };
}

/** Drops whatever this tab keeps of a person: drafts, and what was not sent. */
export function forgetTab(): void {
  attempt(() => sessionStorage.clear());
}

/** A browser may refuse storage altogether: then a draft lives as long as its page. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
