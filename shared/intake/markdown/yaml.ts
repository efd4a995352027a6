import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
} from "yaml";
import { type Fault, pointer } from "../../domain/error.ts";

/** Characters of YAML that are read at all; an article's fields have far fewer. */
const MAX_LENGTH = 64 * 1024;
/** Levels of maps and lists; the fields need three. The composer recurses, and deep enough ends the process. */
const MAX_DEPTH = 10;

/**
 * The fields as written, none when there are faults; and the line (from 1) of each value, by its pointer without the
 * leading slash: `tags`, `bylines/0/name`.
 */
export type YamlFields = { fields: Record<string, unknown>; lines: Record<string, number>; faults: Fault[] };

/** Whether the concrete syntax nests deeper than allowed; measured without recursion, before anything is composed. */
const isTooDeep = (tokens: CST.Token[]): boolean => {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return true;
    if (token.type === "document" && token.value) open.push({ token: token.value, depth: depth + 1 });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items)
      for (const inner of [key, value]) if (inner) open.push({ token: inner, depth: depth + 1 });
  }
  return false;
};

const HINTS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: "A value that contains a colon and a space must stand in quotes",
  BAD_SCALAR_START: "A value that begins with this character must stand in quotes",
  TAG_RESOLVE_FAILED: "Tags are not understood",
};

/** Errors and warnings of the parser as faults, one a line: what follows on the same line follows from the first. */
const syntaxFaults = (document: Document, lineAt: (offset: number) => number): Fault[] => {
  const faults = new Map<number, Fault>();
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const line = lineAt(pos[0]);
    if (!faults.has(line)) faults.set(line, { pointer: "", detail: `YAML: ${HINTS[code] ?? message}`, line });
  }
  return [...faults.values()];
};

const keyOf = (path: string[]): string => pointer(path).slice(1);
/** Without a prototype, so that a field named `constructor` has no line unless it is there. */
const noLines = (): Record<string, number> => Object.create(null);

type Reading = { lines: Record<string, number>; faults: Fault[]; lineAt: (offset: number) => number };

const readMap = (map: Node, path: string[], reading: Reading): Record<string, unknown> => {
  const record: Record<string, unknown> = {};
  if (!isMap(map)) return record;
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const steps = [...path, name];
    const at = pointer(steps);
    const line = reading.lineAt(key.range?.[0] ?? 0);
    if (name === "__proto__") reading.faults.push({ pointer: at, detail: "is no field", line });
    else if (keyOf(steps) in reading.lines)
      reading.faults.push({ pointer: at, detail: "stands here a second time", line });
    else {
      reading.lines[keyOf(steps)] = line;
      const isEmpty = isScalar(value) && value.value === "" && value.type === "PLAIN";
      // The key stays, so that an unknown one is refused even without a value.
      record[name] = isEmpty ? undefined : readNode(value, steps, reading);
    }
    if (key.anchor) reading.faults.push({ pointer: at, detail: "Anchors and aliases are not allowed", line });
  }
  return record;
};

const readNode = (node: unknown, path: string[], reading: Reading): unknown => {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return undefined;
  const line = reading.lineAt(node.range?.[0] ?? 0);
  if (path.length > 0) reading.lines[keyOf(path)] ??= line;
  if (isAlias(node) || node.anchor) {
    reading.faults.push({ pointer: pointer(path), detail: "Anchors and aliases are not allowed", line });
    return undefined;
  }
  if (isScalar(node)) return String(node.value);
  if (isMap(node)) return readMap(node, path, reading);
  return node.items.map((item, index) => readNode(item, [...path, String(index)], reading));
};

/**
 * Reads a YAML 1.2 map whose scalars are all text (the failsafe schema: `2024-10-05`, `no` and `1984` stay as written).
 * A key without a value has the value undefined. Anchors, aliases, tags, a second use of a key, `__proto__`, more than one
 * document, and nesting or length beyond reason are faults. `firstLine` is the line of the file on which `source` begins.
 */
export const readYaml = (source: string, firstLine: number): YamlFields => {
  const refused = (...faults: Fault[]): YamlFields => ({ fields: {}, lines: noLines(), faults });
  if (source.length > MAX_LENGTH)
    return refused({ pointer: "", detail: `has more than ${MAX_LENGTH} characters of front matter`, line: firstLine });
  const counter = new LineCounter();
  const lineAt = (offset: number): number => counter.linePos(offset).line + firstLine - 1;
  const tokens = [...new Parser(counter.addNewLine).parse(source)];
  if (isTooDeep(tokens)) return refused({ pointer: "", detail: "YAML is nested too deeply", line: firstLine });
  const composer = new Composer({
    schema: "failsafe",
    version: "1.2",
    resolveKnownTags: false,
    uniqueKeys: false,
    stringKeys: true,
  });
  const [document, second] = [...composer.compose(tokens, true, source.length)];
  if (!document) return refused();
  if (second) return refused({ pointer: "", detail: "YAML: more than one document", line: lineAt(second.range[0]) });
  const syntax = syntaxFaults(document, lineAt);
  if (syntax.length > 0) return refused(...syntax);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === "")) return refused();
  if (!isMap(contents))
    return refused({ pointer: "", detail: "YAML: lines of `field: value` are expected", line: firstLine });
  const reading: Reading = { lines: noLines(), faults: [], lineAt };
  const fields = readNode(contents, [], reading);
  if (reading.faults.length > 0) return { fields: {}, lines: reading.lines, faults: reading.faults };
  return {
    fields: typeof fields === "object" && fields !== null ? { ...fields } : {},
    lines: reading.lines,
    faults: [],
  };
};
