/** What a letter may say of the house that it is from. */
export type House = {
  name: string;
  /** Where people open it, without a slash at the end. */
  origin: string;
};

/** What a mail says, before it becomes text and HTML. Every string is plain text. */
export type Letter = {
  subject: string;
  paragraphs: readonly string[];
  /** What one can do about it, once. */
  action?: { label: string; url: string };
  /** A short table, such as of where somebody signed in. */
  facts?: readonly (readonly [name: string, value: string])[];
  /** What comes after the action. */
  closing?: readonly string[];
};
