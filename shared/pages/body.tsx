import type { Child } from "hono/jsx";
import {
  type Body,
  type Embed,
  type Figure,
  isWebUrl,
  type Pullquote,
  type TextBlock,
  textOf,
  type Update,
} from "../domain/body.ts";
import { storyTime } from "../site/format.ts";
import { type ListNode, nestLists } from "./nest.ts";
import { Inline, type Show } from "./spans.tsx";
import { Table } from "./table.tsx";

/** How a body is shown: its text, the IANA zone of its times, and its figures: nothing for one without a picture. */
export type BodyOptions = { show: Show; zone: string; figure: (block: Figure) => Child };

type Group =
  | { kind: "list"; blocks: TextBlock[] }
  | { kind: "quote"; blocks: TextBlock[] }
  | { kind: "one"; block: Body[number] };

const isBlank = (block: Body[number]): boolean => block._type === "block" && textOf(block).trim() === "";

/** Neighbours that HTML holds in one element: list items, and the paragraphs of a quotation. */
const grouped = (body: Body): Group[] => {
  const groups: Group[] = [];
  for (const block of body) {
    if (isBlank(block)) continue;
    const kind =
      block._type !== "block" ? "one" : block.listItem ? "list" : block.style === "blockquote" ? "quote" : "one";
    const last = groups.at(-1);
    if (block._type !== "block" || kind === "one") groups.push({ kind: "one", block });
    else if (last?.kind === kind) last.blocks.push(block);
    else groups.push({ kind, blocks: [block] });
  }
  return groups;
};

/** Whether a body is headings and paragraphs alone, so that a page can do without the style of everything else. */
export const isPlain = (body: Body): boolean =>
  body.every(
    (block) =>
      block._type === "figure" ||
      (block._type === "block" &&
        !block.listItem &&
        block.style !== "blockquote" &&
        !block.children.some(({ marks }) => marks.includes("code") || marks.includes("sub") || marks.includes("sup"))),
  );

const List = ({ node, show }: { node: ListNode; show: Show }) => {
  const Tag = node.kind === "number" ? "ol" : "ul";
  return (
    <Tag>
      {node.items.map(({ block, lists }) => (
        <li>
          <Inline block={block} show={show} />
          {lists.map((inner) => (
            <List node={inner} show={show} />
          ))}
        </li>
      ))}
    </Tag>
  );
};

const Text = ({ block, show }: { block: TextBlock; show: Show }) => {
  const Tag = block.style === "normal" || block.style === "blockquote" ? "p" : block.style;
  return (
    <Tag>
      <Inline block={block} show={show} />
    </Tag>
  );
};

const PullQuote = ({ block, show }: { block: Pullquote; show: Show }) => (
  <figure class="pull">
    <blockquote>
      <p>{show(block.text)}</p>
    </blockquote>
    {block.attribution && <figcaption>{show(block.attribution)}</figcaption>}
  </figure>
);

const UpdateMark = ({ block, show, zone }: { block: Update } & Pick<BodyOptions, "show" | "zone">) => (
  <p class="update">
    <b>Cập nhật</b> <time datetime={block.at}>{storyTime(block.at, zone)}</time>
    {block.by && ` · ${show(block.by)}`}
  </p>
);

/** No foreign frame or script on a page of ours: an embed is a card that says where its link leads. */
const EmbedCard = ({ block }: { block: Embed }) => {
  if (!isWebUrl(block.url)) return null;
  const { host, pathname, search } = new URL(block.url);
  return (
    <p class="embed">
      <a href={block.url}>
        <b>{`Xem trên ${host.replace(/^www\./, "")}`}</b> <span>{`${host}${pathname}${search}`}</span>
      </a>
    </p>
  );
};

const One = ({ block, show, zone, figure }: { block: Body[number] } & BodyOptions) => {
  switch (block._type) {
    case "block":
      return <Text block={block} show={show} />;
    case "table":
      return <Table block={block} show={show} />;
    case "pullquote":
      return <PullQuote block={block} show={show} />;
    case "update":
      return <UpdateMark block={block} show={show} zone={zone} />;
    case "embed":
      return <EmbedCard block={block} />;
    case "figure":
      return <>{figure(block)}</>;
  }
};

const Part = ({ group, ...options }: { group: Group } & BodyOptions) => {
  const { show } = options;
  if (group.kind === "one") return <One block={group.block} {...options} />;
  if (group.kind === "list")
    return (
      <>
        {nestLists(group.blocks).map((node) => (
          <List node={node} show={show} />
        ))}
      </>
    );
  return (
    <blockquote>
      {group.blocks.map((block) => (
        <Text block={block} show={show} />
      ))}
    </blockquote>
  );
};

/** The blocks of a body as HTML elements, one after the other; blank paragraphs and figures without picture left out. */
export const BodyBlocks = ({ body, ...options }: { body: Body } & BodyOptions) => (
  <>
    {grouped(body).map((group) => (
      <Part group={group} {...options} />
    ))}
  </>
);
