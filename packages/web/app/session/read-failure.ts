import { isErrorCode, ParlourError, type Problem } from '@parlour/protocol/errors';

const unreachable = 'Parlour cannot be reached just now. Check your connection and try again.';
const wentWrong = 'Something went wrong. Please try again in a moment.';

function isProblem(data: unknown): data is Problem {
  return typeof data === 'object' && data !== null && 'code' in data && isErrorCode(data.code);
}

/** What a failed request means, as a refusal that Parlour knows. */
export function readFailure(failure: unknown): ParlourError {
  if (failure instanceof ParlourError) return failure;
  const { data, status } = (failure ?? {}) as { data?: unknown; status?: unknown };
  if (isProblem(data)) {
    return new ParlourError(data.code, data.detail, {
      ...(data.field === undefined ? {} : { field: data.field }),
      ...(data.retryAfter === undefined ? {} : { retryAfter: data.retryAfter }),
      cause: failure,
    });
  }
  if (typeof status !== 'number') return new ParlourError('unreachable', unreachable, { cause: failure });
  if (status === 401) return new ParlourError('not_authenticated', 'Please sign in again.', { cause: failure });
  if (status === 404) return new ParlourError('not_found', 'This is not here.', { cause: failure });
  return new ParlourError('internal', wentWrong, { cause: failure });
}
