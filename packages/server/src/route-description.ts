import { type ErrorCode, errorKinds } from '@parlour/protocol/errors';
import { describeRoute, resolver } from 'hono-openapi';
import * as v from 'valibot';

type Answer = { description: string; schema?: v.GenericSchema };

type Description = {
  tag: string;
  summary: string;
  answers: Record<number, Answer>;
  /** The refusals that are this route's own; what any route may answer is added. */
  refusals?: ErrorCode[];
  /** Whether somebody who is not signed in may call it. */
  anonymous?: boolean;
};

/** Describes a route for `/api/openapi.json`, from the schemas that its answers follow. */
export function describe({ tag, summary, answers, refusals = [], anonymous = false }: Description) {
  const codes: ErrorCode[] = anonymous ? refusals : ['not_authenticated', 'insufficient_scope', ...refusals];
  const responses: Record<string, ReturnType<typeof answer> | ReturnType<typeof refusal>> = {};
  for (const [status, given] of Object.entries(answers)) responses[status] = answer(given);
  for (const [status, group] of Map.groupBy(codes, (code) => errorKinds[code].status)) {
    responses[status] = refusal(group);
  }
  return describeRoute({ tags: [tag], summary, responses, ...(anonymous ? { security: [] } : {}) });
}

function answer({ description, schema }: Answer) {
  if (schema === undefined) return { description };
  return { description, content: { 'application/json': { schema: resolver(schema) } } };
}

function refusal(codes: ErrorCode[]) {
  const problem = v.object({
    type: v.literal('about:blank'),
    title: v.string(),
    status: v.number(),
    detail: v.string(),
    code: v.picklist(codes),
    field: v.optional(v.string()),
    retryAfter: v.optional(v.number()),
  });
  const description = codes.map((code) => `\`${code}\`: ${errorKinds[code].title}.`).join(' ');
  return { description, content: { 'application/problem+json': { schema: resolver(problem) } } };
}
