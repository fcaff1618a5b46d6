/** What was asked for cannot be done; its message is all that whoever asked needs to read. */
export class UsageError extends Error {}
