import type { Warning } from "../../shared/domain/error.ts";
import { LIMITS } from "../../shared/domain/limits.ts";
import type { Picture } from "../../shared/intake/photos.ts";
import { pictureFrom } from "../../shared/intake/picture/picture.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import type { HooksServices } from "./context.ts";
import { mayPass } from "./may-pass.ts";

/** Bytes of one picture, and of all of a story's: they are in memory together. */
const [MOST_BYTES, MOST_IN_ALL] = [15 * 1024 * 1024, 45 * 1024 * 1024];
/** For one picture, and for all of a story's, in ms. */
const [DEADLINE_MS, ALL_MS] = [10_000, 40_000];
const AT_ONCE = 3;

/** Pictures by their addresses; of those that are missing, why; and whether another try may bring one of these. */
export type FetchedPictures = { pictures: Map<string, Picture>; warnings: Warning[]; mayPass: boolean };

const fileName = (url: string): string => decodeURIComponentOr(URL.parse(url)?.pathname.split("/").at(-1) ?? "");
const decodeURIComponentOr = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
};

/** Fetches a story's pictures; one that cannot be had never stands in the story's way, and is told. */
export const fetchPictures = async (
  { fetch, clock }: Pick<HooksServices, "fetch" | "clock">,
  urls: readonly string[],
): Promise<FetchedPictures> => {
  const found: FetchedPictures = { pictures: new Map(), warnings: [], mayPass: false };
  const until = clock.now() + ALL_MS;
  let left = MOST_IN_ALL;
  const missing = (url: string, why: string): void => {
    const detail = `the picture ${url.slice(0, 200)} was not taken over: ${why}`;
    found.warnings.push({ code: "picture-not-fetched", pointer: "", detail });
  };
  await inParallel(urls.slice(0, LIMITS.figures + 1), AT_ONCE, async (url) => {
    const deadlineMs = Math.min(DEADLINE_MS, until - clock.now());
    if (left <= 0 || deadlineMs <= 0)
      return missing(url, left <= 0 ? "The others are too large." : "The others took too long.");
    // Set aside first: several are on their way together.
    const maxBytes = Math.min(MOST_BYTES, left);
    left -= maxBytes;
    const at = (address: string) => fetch({ url: address, maxBytes, deadlineMs });
    const plain = await at(url);
    // Old texts name pictures by http, which is not gone by; most of these hosts have https by now.
    const fetched = plain.ok || plain.reason !== "scheme" ? plain : await at(url.replace(/^http:/, "https:"));
    left += maxBytes - (fetched.ok ? fetched.body.byteLength : 0);
    if (!fetched.ok) {
      found.mayPass ||= mayPass(fetched);
      return missing(url, fetched.detail);
    }
    const picture = pictureFrom(fetched.body, fileName(url));
    if ("refused" in picture) return missing(url, picture.detail);
    found.pictures.set(url, picture);
  });
  return found;
};
