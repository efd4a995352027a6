import type { Settings } from "../settings.ts";

/** A name with one dot may be the top of its zone, where DNS allows no CNAME (RFC 1034, 3.6.2). */
const record = (host: string, target: string): string =>
  `  ${host}  CNAME  ${target}${host.split(".").length === 2 ? "  (an ALIAS record, if this is the top of your domain)" : ""}`;

type Outputs = Readonly<Record<string, string>>;

/** What must stand in the DNS for the domains of `settings`, one line a record. */
export const dnsRecords = (settings: Pick<Settings, "siteDomain" | "apiDomain">, outputs: Outputs): string[] => {
  const { DistributionDomain, ApiTarget } = outputs;
  return [
    ...(settings.siteDomain && DistributionDomain ? [record(settings.siteDomain, DistributionDomain)] : []),
    ...(settings.apiDomain && ApiTarget ? [record(settings.apiDomain, ApiTarget)] : []),
  ];
};

/** What to know and do once a deployment is through. `fresh`: it was the first; `newEmail`: alarms go to another address now. */
export const report = (
  outputs: Outputs,
  settings: Settings,
  { fresh, newEmail }: { fresh: boolean; newEmail: boolean },
): string => {
  const records = dnsRecords(settings, outputs);
  const { stage, region, email } = settings;
  return [
    "",
    `Site  ${outputs["SiteUrl"] ?? "(the stack does not say)"}`,
    `API   ${outputs["ApiUrl"] ?? "(the stack does not say)"}`,
    ...(records.length ? ["", "Records that must stand in your DNS:", ...records] : []),
    ...(newEmail ? ["", `AWS has written to ${email}: confirm that mail, or no alarm will ever arrive.`] : []),
    "",
    fresh ? "Next, the first key:" : "For another key:",
    `  npm run keys -- create --role admin --name "Your name" --stage ${stage} --region ${region}`,
    "",
  ].join("\n");
};
