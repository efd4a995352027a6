import { reading } from "./article.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { parameterOf } from "./parameters.ts";

const TAG = "previews";
const expiresAt = "2024-10-12T01:31:04.118Z";
const made = {
  url: "https://api.news.example/previews/3VnT8sLq0ZyWb5Xc7Ra2Kd9Mf4Hg6Jp1Nt3Vw5Ye8Uo",
  revision: 2,
  expiresAt,
};
const file = (type: string) => ({ [type]: { schema: { type: "string" as const, contentMediaType: type } } });

/** The paths of previews. */
export const previews = (): Paths => ({
  "/articles/{id}/previews": {
    parameters: [parameterOf("Id")],
    post: operation({
      id: "createPreview",
      tag: TAG,
      role: "reporter",
      summary: "Make a link to a preview",
      description:
        "Of one revision, whatever is edited later; whoever has the link needs no key. It ends at `expiresAt`, and with a withdrawal.",
      parameters: [parameterOf("DryRun"), parameterOf("IdempotencyKey")],
      body: json("PreviewInput", { ttl: 86_400 }),
      bodyOptional: true,
      done: {
        200: answer("With dryRun: what would be made", json("PreviewDraft", { revision: 2, expiresAt })),
        201: answer("Made", json("Preview", made), { "Idempotency-Replayed": "Replayed" }),
      },
      refused: [...reading, 403, 404, 409],
    }),
  },
  "/previews/{token}": {
    parameters: [parameterOf("Token")],
    get: operation({
      id: "getPreview",
      tag: TAG,
      summary: "See the page as readers would",
      done: { 200: answer("The page; kept by no cache and found by no search engine", file("text/html")) },
      refused: [404, 503],
    }),
  },
  "/previews/{token}/images/{image}/{name}": {
    parameters: [parameterOf("Token"), parameterOf("Image"), parameterOf("Rendition")],
    get: operation({
      id: "getPreviewImage",
      tag: TAG,
      summary: "A picture of that page",
      done: {
        200: answer("The picture", { ...file("image/jpeg"), ...file("image/webp"), ...file("image/avif") }),
      },
      refused: [404, 503],
    }),
  },
});
