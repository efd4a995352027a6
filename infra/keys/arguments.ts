import { parseArgs } from "node:util";
import { parsed, placeOf, UsageFault } from "../deploy/arguments.ts";
import type { Stage } from "../settings.ts";

/** What a new key is to be, as it was typed. */
export type Typed = { role: string; name: string; sections?: string[]; expiresAt?: string };

export type Command = { kind: "create"; wanted: Typed } | { kind: "list" } | { kind: "revoke"; id: string };
export type Asked = { kind: "help" } | { kind: "do"; command: Command; stage: Stage; region: string | undefined };

const text = { type: "string" } as const;

/** The command line of `npm run keys`; throws {@link UsageFault}. */
export const readArguments = (argv: readonly string[]): Asked => {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: "boolean" },
        stage: text,
        region: text,
        role: text,
        name: text,
        sections: text,
        expires: text,
      },
    }),
  );
  if (values.help) return { kind: "help" };
  const { role, name, sections, expires } = values;
  const [verb, ...rest] = positionals;
  const place = placeOf(values);
  const ofKey = Object.entries({ role, name, sections, expires }).find(([, value]) => value !== undefined)?.[0];
  if (verb !== "create" && ofKey) throw new UsageFault(`--${ofKey} belongs to create.`);
  switch (verb ?? "") {
    case "create": {
      if (rest.length) throw new UsageFault(`“${rest[0]}” was not expected: put a name of several words in quotes.`);
      if (role === undefined || name === undefined)
        throw new UsageFault("create needs --role admin, editor or reporter, and --name: whose key it is.");
      const list = sections?.split(",").map((slug) => slug.trim());
      const wanted = {
        role,
        name,
        ...(list ? { sections: list } : {}),
        ...(expires === undefined ? {} : { expiresAt: expires }),
      };
      return { kind: "do", command: { kind: "create", wanted }, ...place };
    }
    case "list":
      if (rest.length) throw new UsageFault("list takes nothing else.");
      return { kind: "do", command: { kind: "list" }, ...place };
    case "revoke": {
      const [id, ...more] = rest;
      if (id === undefined || more.length || !/^[0-9A-Za-z]{12}$/.test(id))
        throw new UsageFault("revoke needs the one ID of a key: the 12 letters and digits that list shows.");
      return { kind: "do", command: { kind: "revoke", id }, ...place };
    }
    default:
      throw new UsageFault(
        verb ? `There is no command ${verb}: create, list or revoke.` : "Say create, list or revoke.",
      );
  }
};
