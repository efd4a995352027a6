/** A queue to be. */
export type QueueOptions = {
  name: string;
  /** 0 to 43,200. */
  visibilityTimeoutSeconds: number;
  /** With `deadLetter`: how often a message is received before it goes there. */
  maxReceiveCount?: number;
  /** The name of another of the queues. */
  deadLetter?: string;
};

const within = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const faultsOf = (queue: QueueOptions, names: readonly string[]): string[] => {
  const { name, visibilityTimeoutSeconds: seconds, maxReceiveCount: most, deadLetter: dead } = queue;
  const wrong: string[] = [];
  if (!/^[\w-]{1,80}$/.test(name)) wrong.push(`"${name}" is no name of a queue`);
  if (names.filter((other) => other === name).length > 1) wrong.push(`${name} is there more than once`);
  if (!within(seconds, 0, 43_200)) wrong.push(`${name} has a visibility timeout of ${seconds} s`);
  if ((dead === undefined) !== (most === undefined)) wrong.push(`${name} lacks deadLetter or maxReceiveCount`);
  if (dead !== undefined && (dead === name || !names.includes(dead))) wrong.push(`${name} has dead letters in ${dead}`);
  if (most !== undefined && !within(most, 1, 1000)) wrong.push(`${name} has a maxReceiveCount of ${most}`);
  return wrong;
};

/** Throws a RangeError that names every fault of the queues; the bounds are those of SetQueueAttributes. */
export const checkQueues = (queues: readonly QueueOptions[]): void => {
  const names = queues.map(({ name }) => name);
  const wrong = new Set(queues.flatMap((queue) => faultsOf(queue, names)));
  if (wrong.size > 0) throw new RangeError(`The queues cannot be made: ${[...wrong].join("; ")}.`);
};
