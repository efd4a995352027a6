/** A fault that the person at the keyboard can mend: shown as its one sentence, without a stack. */
export class PlainError extends Error {}

export const plainError = (sentence: string): PlainError => new PlainError(sentence);
