import { pagesDigest } from "../build/pages-digest.ts";
import { parameterName, readSettings, type Settings, SettingsFault, stackName } from "../settings.ts";
import type { Asked } from "./arguments.ts";
import { lookUpCertificate, type Wanted } from "./certificate.ts";
import { type Deployed, readDeployed } from "./deployed.ts";
import { atLeast, nextEpoch, sayEpoch } from "./epoch.ts";
import { type Facts, lookUp, whoAmI } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { identityFault } from "./identity.ts";
import { type Given, inOptions, mergeGiven, optionOf } from "./options.ts";
import { type Place, preflight } from "./preflight.ts";
import type { Region } from "./region.ts";
import { saySealingKey } from "./sealing-key.ts";

/** The settings of this deployment, or what is wrong with them, as the command line names them. */
const settled = (asked: Asked, region: string, merged: Given, epoch: number): Settings | Finding[] => {
  try {
    const values = new Map<string, unknown>(
      Object.entries({ ...merged, stage: asked.stage, region, epoch: String(epoch) }),
    );
    return readSettings((name) => values.get(name));
  } catch (error) {
    if (!(error instanceof SettingsFault)) throw error;
    return error.faults.map((fault) => ({ kind: "fault", text: inOptions(fault) }));
  }
};

const certificatesOf = ({ siteDomain, siteCertificate, apiDomain, apiCertificate }: Given): Wanted[] => [
  ...(siteDomain && siteCertificate
    ? [{ option: "--site-certificate", domain: siteDomain, certificate: siteCertificate }]
    : []),
  ...(apiDomain && apiCertificate
    ? [{ option: "--api-certificate", domain: apiDomain, certificate: apiCertificate }]
    : []),
];

const overview = (
  place: Place,
  region: Region,
  { stage }: Asked,
  arn: string,
  facts: Facts,
  merged: Given,
): string[] => {
  const stack = facts.stack.known ? facts.stack.value : undefined;
  const what = !facts.stack.known ? "" : stack ? `, an update (now ${stack.status})` : ", new";
  const kept = Object.entries(merged).map(([name, value]) => `${optionOf(name)} ${value}`.replace(/ true$/, ""));
  return [
    `Account   ${place.account} (${arn})`,
    `Region    ${region.name} (${region.from})`,
    `Stage     ${stage}`,
    `Stack     ${place.stack}${what}`,
    `Settings  ${kept.join(" ") || "none"}`,
  ];
};

/** All that is known before anything is done: `settings` only when they are whole. */
export type Plan = {
  place: Place;
  lines: string[];
  findings: Finding[];
  merged: Given;
  settings?: Settings;
  epoch: number;
  fresh: boolean;
  /** Whether the parameter with the sealing key was seen. */
  hasSealingKey: boolean;
  /** Whether the address for alarms is one that AWS has not heard of from here. */
  newEmail: boolean;
};

/** Looks at everything, and touches nothing; a sentence when AWS does not even know the caller. */
export const plan = async (asked: Asked, region: Region): Promise<Plan | string> => {
  const who = await whoAmI(region.name);
  const fault = identityFault(who, region.name);
  if (fault !== undefined || !who.identity.known) return fault ?? "";
  const { account, arn } = who.identity.value;
  const sealingKey = parameterName(asked.stage, "sealing-key");
  const place = { account, region: region.name, stack: stackName(asked.stage), sealingKey };
  const facts = await lookUp(place.region, place.stack, sealingKey);
  const read = readDeployed(place.stack, facts.stack.known ? facts.stack.value : undefined);
  const deployed: Deployed = "fault" in read ? { given: {} } : read;
  const merged = mergeGiven(deployed.given, asked.dropped, asked.given);
  const [digest, ...certificates] = await Promise.all([
    pagesDigest(),
    ...certificatesOf(merged).map((wanted) => lookUpCertificate(wanted)),
  ]);
  const { epoch, fault: epochFault } = atLeast(nextEpoch(deployed, digest), asked.epoch);
  const settings = settled(asked, place.region, merged, epoch.epoch);
  const whole = Array.isArray(settings) ? undefined : settings;
  return {
    place,
    lines: [
      ...overview(place, region, asked, arn, facts, merged),
      `Pages     ${sayEpoch(epoch)}`,
      `Secrets   ${saySealingKey({ name: sealingKey, type: facts.sealingKey })}`,
    ],
    findings: [
      ...("fault" in read ? [{ kind: "fault" as const, text: read.fault }] : []),
      ...(epochFault === undefined ? [] : [{ kind: "fault" as const, text: epochFault }]),
      ...preflight(
        { ...facts, certificates },
        {
          stage: asked.stage,
          email: merged.email,
          reserve: merged.reserve === "true",
          reservedNow: deployed.given.reserve === "true",
          table: merged.table,
          tableNow: deployed.given.table,
          remembered: facts.stack.known && !("fault" in read),
        },
        place,
      ),
      ...(Array.isArray(settings) ? settings : []),
    ],
    merged,
    ...(whole ? { settings: whole } : {}),
    epoch: epoch.epoch,
    fresh: deployed.epoch === undefined,
    hasSealingKey: facts.sealingKey.known && facts.sealingKey.value !== undefined,
    newEmail: merged.email !== undefined && merged.email !== deployed.given.email,
  };
};
