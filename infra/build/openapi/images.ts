import { IMAGE_TYPES } from "../../../shared/domain/image.ts";
import { LIMITS } from "../../../shared/domain/limits.ts";
import * as examples from "./examples.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { type Parameter, parameterOf } from "./parameters.ts";

const TAG = "images";
const bytes = Object.fromEntries(
  IMAGE_TYPES.map((type) => [type, { schema: { type: "string", contentMediaType: type } }]),
);

const IF_MATCH: Parameter = {
  name: "If-Match",
  in: "header",
  description:
    "The ETag of the version that you saw, or `*`. Stale: 412. It may be left out: what is said of a picture is little, and the last word holds.",
  schema: { type: "string" },
  example: '"s3"',
};

/** The paths of /images. */
export const images = (): Paths => ({
  "/images": {
    post: operation({
      id: "createImage",
      tag: TAG,
      role: "reporter",
      summary: "Upload a picture",
      description:
        `As its bytes (at most ${LIMITS.requestBytes / 2 ** 20} MB), or announced as JSON: then the answer's \`upload\` is a form that takes it ` +
        `straight to the store (at most ${LIMITS.uploadBytes / 2 ** 20} MB): POST it as multipart/form-data, the fields first, then \`file\`. ` +
        "What it is is told by its bytes alone. The same bytes twice are one image. " +
        "Caption, credit and date that the file carries are taken over until somebody types others.",
      parameters: [parameterOf("DryRun"), parameterOf("IdempotencyKey")],
      body: { ...bytes, ...json("UploadInput", examples.upload) },
      done: {
        200: answer("With dryRun: it would be taken", json("ImageDraft")),
        201: answer("Taken", json("NewImage", examples.newImage), {
          ETag: "ETag",
          Location: "Location",
          "Idempotency-Replayed": "Replayed",
        }),
      },
      refused: [400, 413, 415, 422],
    }),
  },
  "/images/{id}": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "getImage",
      tag: TAG,
      role: "reporter",
      summary: "Ask what has become of a picture",
      description: "A reporter's own ones; all for an editor.",
      done: { 200: answer("The image", json("Image", examples.image), { ETag: "ETag" }) },
      refused: [404],
    }),
    patch: operation({
      id: "editImage",
      tag: TAG,
      role: "reporter",
      summary: "Say what a picture shows, whose it is, and what no crop may lose",
      description:
        "Published stories that show it are rendered again, once. What a story uses that was submitted, handed over or published, or somebody else sent first, is an editor's to change: a reporter says it in the story itself. " +
        `A focal point is moved at most ${LIMITS.cuts} times.`,
      parameters: [parameterOf("DryRun"), IF_MATCH],
      body: {
        ...json("ImagePatch", { alt: "Người đi bộ dưới hàng cây ven sông", focalPoint: { x: 0.4, y: 0.3 } }),
        ...json("ImagePatch", undefined, "application/merge-patch+json"),
      },
      done: { 200: answer("The image as it is now", json("Image", examples.image), { ETag: "ETag" }) },
      refused: [400, 403, 404, 409, 412, 413, 415, 422],
    }),
  },
});
