import * as v from 'valibot';
import { readFailure } from '../session/read-failure.ts';

type Fields = v.ObjectEntries;
type Options<Output> = {
  submit(values: Output): Promise<unknown>;
  /** The field that a refusal is shown at, where the answer names none. */
  fieldOf?: Partial<Record<string, string>>;
};

export type FormState = {
  errors: Record<string, string>;
  failure: string;
  busy: boolean;
  /** False in the page as the server sent it: nothing can be sent before the script is there. */
  ready: boolean;
  clear(name: string): void;
};

/**
 * One form: the same schema that the server checks with, an error beside each field, and the fields themselves left to
 * the browser, so that what was typed before the script came is not lost.
 */
export function useForm<Entries extends Fields>(
  schema: v.ObjectSchema<Entries, undefined>,
  { submit, fieldOf = {} }: Options<v.InferOutput<v.ObjectSchema<Entries, undefined>>>,
) {
  const form = reactive<FormState>({
    errors: {},
    failure: '',
    busy: false,
    ready: false,
    clear: (name) => void delete form.errors[name],
  });
  onMounted(() => {
    form.ready = true;
  });

  async function showErrors(element: HTMLFormElement): Promise<void> {
    await nextTick();
    element.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  async function onSubmit(event: Event): Promise<void> {
    const element = event.currentTarget as HTMLFormElement;
    if (form.busy) return;
    form.errors = {};
    form.failure = '';
    const result = v.safeParse(schema, readValues(element, schema));
    if (!result.success) {
      for (const issue of result.issues.toReversed()) form.errors[v.getDotPath(issue) ?? ''] = issue.message;
      return showErrors(element);
    }
    form.busy = true;
    try {
      await submit(result.output);
    } catch (failure) {
      const error = readFailure(failure);
      const field = error.field ?? fieldOf[error.code];
      if (field !== undefined && element.elements.namedItem(field) !== null) form.errors[field] = error.message;
      else form.failure = error.message;
      await showErrors(element);
    } finally {
      form.busy = false;
    }
  }

  return { form, onSubmit };
}

/** A checkbox is true or false, a field left empty that may be absent is absent, everything else is text. */
function readValues(element: HTMLFormElement, schema: { entries: Fields }): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(schema.entries)) {
    const control = element.elements.namedItem(name);
    if (control instanceof HTMLInputElement && control.type === 'checkbox') values[name] = control.checked;
    else {
      const value = new FormData(element).get(name);
      if (typeof value === 'string' && (value !== '' || entry.type !== 'optional')) values[name] = value;
    }
  }
  return values;
}
