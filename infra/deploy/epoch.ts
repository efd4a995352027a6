/** The number of a deployment, and why it is this one. */
export type Epoch = { epoch: number; before?: number; why: "first" | "same" | "changed" | "undone" | "given" };

/** `undone`: the deployment after this one failed, and CloudFormation went back to this. */
export type DeployedPages = { epoch?: number; digest?: string | undefined; undone?: boolean };

/**
 * The deployment's number (DEPLOY_EPOCH): 1 at first; as deployed while pages are made of the same (`digest`); else one more,
 * for an older version that comes back too: what a renderer of a lower epoch finds written, it leaves alone for ever. A
 * deployment that was undone may have written pages of the next epoch before it fell, so the one after it goes past that.
 */
export const nextEpoch = ({ epoch: before, digest: deployed, undone }: DeployedPages, digest: string): Epoch => {
  if (before === undefined) return { epoch: 1, why: "first" };
  if (undone) return { epoch: before + 2, before, why: "undone" };
  return deployed === digest ? { epoch: before, before, why: "same" } : { epoch: before + 1, before, why: "changed" };
};

/**
 * A deployment's number that is at least `least`, for a site whose objects were written by another stack. Upwards alone: less
 * than what was chosen is a fault, for the renderer would leave alone what stands.
 */
export const atLeast = (chosen: Epoch, least: number | undefined): { epoch: Epoch; fault?: string } => {
  if (least === undefined || least === chosen.epoch) return { epoch: chosen };
  return least > chosen.epoch
    ? { epoch: { ...chosen, epoch: least, why: "given" } }
    : {
        epoch: chosen,
        fault: `--epoch ${least} is too low: without it this deployment is epoch ${chosen.epoch}, and pages may stand that a lower one leaves alone; give ${chosen.epoch} or more, or leave it out.`,
      };
};

/** The same, for people. */
export const sayEpoch = ({ epoch, before, why }: Epoch): string => {
  switch (why) {
    case "first":
      return "the first deployment: epoch 1";
    case "same":
      return `look as deployed: epoch ${epoch} stays`;
    case "changed":
      return `look different: epoch ${before} becomes ${epoch}; each page follows when it is rendered next`;
    case "undone":
      return `the last deployment was undone, and may have written some: epoch ${before} becomes ${epoch}, past all of them`;
    case "given":
      return before === undefined
        ? `the first deployment: epoch ${epoch}, as --epoch says`
        : `epoch ${before} becomes ${epoch}, as --epoch says; each page follows when it is rendered next`;
  }
};
