import type { ApiKey } from "../../shared/domain/access.ts";
import { iso } from "../../shared/domain/time.ts";

/** Keys as a table for people, in the order they were made; one that has ended at `now` says so. */
export const keyTable = (keys: readonly ApiKey[], now: number): string => {
  const rows = [
    ["ID", "ROLE", "SECTIONS", "MADE", "ENDS", "NAME"],
    ...[...keys]
      .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
      .map(({ id, role, sections, createdAt, expiresAt, name }) => [
        id,
        role,
        sections?.join(",") ?? "all",
        createdAt.slice(0, 10),
        expiresAt === undefined ? "never" : expiresAt <= iso(now) ? "has ended" : expiresAt.slice(0, 16),
        name,
      ]),
  ];
  // The name stands last, so that only ASCII needs columns.
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

/** A new key with its token, and a line that tries it: bash alone sees the token, no history and no list of processes. */
export const newKeyText = (key: ApiKey, token: string, apiUrl: string): string => `
Key ${key.id} for ${key.name} (${key.role}${key.sections ? `, sections ${key.sections.join(", ")}` : ""}${key.expiresAt ? `, until ${key.expiresAt}` : ""}):

  ${token}

It is not shown again: hand it over now, and on no open channel. To try it, in bash, which asks for it:

  read -rsp "Key: " KEY && curl -sS -H @<(printf 'Authorization: Bearer %s' "$KEY") ${apiUrl}/site
`;
