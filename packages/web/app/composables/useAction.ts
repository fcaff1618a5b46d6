import { readFailure } from '../session/read-failure.ts';

/** Something that a button does: once at a time, and with what went wrong in a sentence. */
export function useAction<Arguments extends unknown[]>(action: (...args: Arguments) => Promise<unknown>) {
  const busy = ref(false);
  const failure = ref('');

  async function run(...args: Arguments): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    failure.value = '';
    try {
      await action(...args);
    } catch (error) {
      failure.value = readFailure(error).message;
    } finally {
      busy.value = false;
    }
  }

  return { run, busy, failure };
}
