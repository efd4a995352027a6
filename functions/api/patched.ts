import type { Content, Head } from "../../shared/domain/article.ts";
import type { Body } from "../../shared/domain/body.ts";
import { ok, type Result } from "../../shared/domain/error.ts";
import type { ParsedJson } from "../../shared/intake/json.ts";
import { mergePatch } from "../../shared/intake/merge-patch.ts";
import { readPatched } from "../../shared/intake/submission.ts";
import { contentFrom } from "../../shared/store/filing.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import type { Call } from "./context.ts";
import { settingOf } from "./create.ts";
import { fieldsJson } from "./present.ts";

/**
 * What a merge patch (RFC 7396) makes of an article's newest content, and the body when the patch brings one. Warnings about
 * what the patch does not touch stay.
 */
export const patched = async (
  c: Call,
  head: Head,
  site: LoadedSite,
  patch: ParsedJson,
): Promise<Result<{ content: Content; body: Body | undefined }>> => {
  const merged = mergePatch(fieldsJson(head.content, site.timeZone), patch.value);
  const read = await readPatched({ ...patch, value: merged.value }, settingOf(c, site, head.content.pictures));
  if (!read.ok) return read;
  const body = merged.touched.has("body") ? (read.value.body ?? []) : undefined;
  const kept = head.content.warnings.filter((warning) => !merged.touched.has(warning.pointer.split("/")[1] ?? ""));
  const fresh = read.value.warnings.filter(
    (warning) => !kept.some((one) => one.code === warning.code && one.pointer === warning.pointer),
  );
  return ok({ content: contentFrom({ ...read.value, body, warnings: [...kept, ...fresh] }, head.content), body });
};
