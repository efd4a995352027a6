/** What a look before the deployment has found: a fault stops it, a warning and a note do not. */
export type Finding = { kind: "fault" | "warning" | "note"; text: string };
