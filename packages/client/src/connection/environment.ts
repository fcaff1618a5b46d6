type Signal = 'online' | 'offline' | 'visible';

/** What the client takes from its surroundings; tests hand in their own. Times are milliseconds. */
export type Environment = {
  /** Wall-clock time, since that goes on while a laptop sleeps. */
  now(): number;
  /** 0 up to, not including, 1. */
  random(): number;
  /** Runs once after `delay`; the answer cancels it. */
  after(delay: number, run: () => void): () => void;
  /** The network came or went, or the page came to the front; the answer stops listening. */
  on(signal: Signal, run: () => void): () => void;
};

function listen(target: EventTarget, type: string, run: () => void): () => void {
  target.addEventListener(type, run);
  return () => target.removeEventListener(type, run);
}

function onSignal(signal: Signal, run: () => void): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
  if (signal !== 'visible') return listen(window, signal, run);
  return listen(document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') run();
  });
}

/** The browser or Node as it is. Node has no network signals. */
export function hostEnvironment(): Environment {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    after(delay, run) {
      const timer = setTimeout(run, delay);
      return () => clearTimeout(timer);
    },
    on: onSignal,
  };
}
