import { ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { Finding } from "./finding.ts";
import { look, type Looked } from "./trouble.ts";

/** A certificate as ACM describes it; undefined when there is none of this ARN. */
export type Certificate = { status: string; names: readonly string[] } | undefined;

/** What a domain is to be served with; `certificate` is the ARN. */
export type Wanted = { option: string; domain: string; certificate: string };
export type CertificateFact = Wanted & { looked: Looked<Certificate> };

const partOf = (arn: string, n: number): string => arn.split(":")[n] ?? "";

/** Looks a certificate up where its ARN says that it is. */
export const lookUpCertificate = async (wanted: Wanted): Promise<CertificateFact> => {
  const client = new ACMClient({ region: partOf(wanted.certificate, 3) });
  const looked = await look("acm:DescribeCertificate", async () => {
    try {
      const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn: wanted.certificate }));
      return {
        status: Certificate?.Status ?? "UNKNOWN",
        names: Certificate?.SubjectAlternativeNames ?? [Certificate?.DomainName ?? ""],
      };
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
      throw error;
    }
  });
  client.destroy();
  return { ...wanted, looked };
};

/** Whether a certificate's name is for the host: itself, or `*.` for exactly one label (RFC 9525, 6.3). */
export const covers = (name: string, host: string): boolean =>
  name.startsWith("*.") ? host.slice(host.indexOf(".")) === name.slice(1) : name.toLowerCase() === host;

/** What is wrong with a certificate for its domain, as the account `account` sees it. */
export const certificateFindings = (
  { option, domain, certificate, looked }: CertificateFact,
  account: string,
): Finding[] => {
  const fault = (text: string): Finding[] => [{ kind: "fault", text: `${option}: ${text}` }];
  if (partOf(certificate, 4) !== account)
    return fault(`the certificate is of account ${partOf(certificate, 4)}, not of ${account}; ask ACM for one here.`);
  if (!looked.known)
    return [
      {
        kind: "warning",
        text: `${option} could not be looked at (${looked.action}: ${looked.trouble.kind}); if it is not issued or not for ${domain}, the deployment fails half way and is undone.`,
      },
    ];
  if (!looked.value)
    return fault(`ACM has no such certificate in ${partOf(certificate, 3)}; copy its ARN from the ACM console.`);
  const { status, names } = looked.value;
  return [
    ...(status === "ISSUED"
      ? []
      : fault(
          status === "PENDING_VALIDATION"
            ? "the certificate is not issued yet (PENDING_VALIDATION); make the DNS record that the ACM console shows for it, and wait until it says Issued."
            : `the certificate is ${status}; ask ACM for a new one and give its ARN.`,
        )),
    ...(names.some((name) => covers(name, domain))
      ? []
      : fault(`the certificate is for ${names.join(", ")} and not for ${domain}; ask ACM for one that names it.`)),
  ];
};
