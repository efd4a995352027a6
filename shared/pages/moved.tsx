import { stringOf } from "./string.ts";

/**
 * The body of a 301, for clients that do not follow it by themselves (RFC 9110, section 15.4.2); `location` is the
 * present path. It tells nothing of the story but its address.
 */
export const renderMoved = (location: string): string =>
  `<!doctype html>${stringOf(
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <title>Trang đã chuyển</title>
        <meta name="robots" content="noindex" />
      </head>
      <body>
        <p>
          {"Trang đã chuyển đến "}
          <a href={location}>{location}</a>
        </p>
      </body>
    </html>,
  )}`;
