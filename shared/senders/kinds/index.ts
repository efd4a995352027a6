import * as z from "zod";
import { invalid, type Result } from "../../domain/error.ts";
import { faultsOf } from "../../intake/faults.ts";
import type { Delivery } from "../kind.ts";
import { readContentful } from "./contentful.ts";
import { fieldMapping } from "./fields.ts";
import { genericMapping, standardMapping } from "./generic-mapping.ts";
import { readGeneric } from "./generic.ts";
import { readGhost } from "./ghost.ts";
import { githubMapping, readGithub } from "./github.ts";
import type { Reading, ReadSettings } from "./reading.ts";
import { readSanity } from "./sanity.ts";
import { readStandard } from "./standard.ts";
import { readWordpress } from "./wordpress.ts";
import { wordpressMapping } from "./wordpress-post.ts";

export type { Reading, ReadSettings } from "./reading.ts";

/** The senders whose events can be read. */
export const KINDS = ["standard-webhooks", "github", "ghost", "wordpress", "contentful", "sanity", "generic"] as const;
export type Kind = (typeof KINDS)[number];

const MAPPINGS = {
  "standard-webhooks": standardMapping.optional(),
  github: githubMapping.optional(),
  ghost: z.strictObject({}).optional(),
  wordpress: wordpressMapping.optional(),
  contentful: fieldMapping.optional(),
  sanity: fieldMapping.optional(),
  generic: genericMapping,
} as const satisfies Record<Kind, z.ZodType>;

/** What PUT /sources takes as the `mapping` of a kind: strict, each pointer well-formed. Only `generic` needs one. */
export const mappingSchema = <K extends Kind>(kind: K): (typeof MAPPINGS)[K] => MAPPINGS[kind];

const mapped = <T, R>(schema: z.ZodType<T>, { mapping }: ReadSettings, read: (mapping: T) => Result<R>): Result<R> => {
  const parsed = schema.safeParse(mapping ?? undefined);
  if (parsed.success) return read(parsed.data);
  const said = faultsOf(parsed.error, ["mapping"]).map(({ pointer, detail }) => `${pointer} ${detail}`);
  return invalid({ pointer: "", detail: `cannot be read: the source's ${said.slice(0, 5).join("; ")}` });
};

/**
 * What an event of a sender of this kind wants done, its delivery having been verified. The commands are in order, and those of one
 * story have one version: they are for one event, and none of them makes another stale. Whether what is wanted of an article can be done
 * is for the intake to say. Refusals: malformed (no UTF-8, no JSON), invalid (every fault of the payload, by pointers into it).
 */
export const readEvent = (kind: Kind, delivery: Delivery, settings: ReadSettings = {}): Result<Reading> => {
  switch (kind) {
    case "standard-webhooks":
      return mapped(MAPPINGS[kind], settings, (mapping) => readStandard(delivery, mapping));
    case "github":
      return mapped(MAPPINGS[kind], settings, (mapping) => readGithub(delivery, mapping));
    case "ghost":
      return readGhost(delivery);
    case "wordpress":
      return mapped(MAPPINGS[kind], settings, (mapping) => readWordpress(delivery, mapping));
    case "contentful":
      return mapped(MAPPINGS[kind], settings, (mapping) => readContentful(delivery, mapping, settings.locale));
    case "sanity":
      return mapped(MAPPINGS[kind], settings, (mapping) => readSanity(delivery, mapping));
    case "generic":
      return mapped(MAPPINGS[kind], settings, (mapping) => readGeneric(delivery, mapping));
  }
};
