export const HELP = `Deploys Broadsheet to your AWS account, or updates it.

  npm run deploy -- [options]

  npm run deploy -- --email desk@example.org
  npm run deploy -- --site-domain news.example.org --site-certificate arn:aws:acm:us-east-1:...

Where
  --stage S              prod (unless said otherwise) keeps its data whatever happens;
                         dev may be thrown away
  --region R             else AWS_REGION, AWS_DEFAULT_REGION, the profile's region, or
                         ap-southeast-1

What the deployed stack remembers: given once, and again only to change it
  --email E              who is told of alarms and of the budget; prod must have one
  --budget N             US dollars a month, past which the budget tells (20)
  --site-domain D        readers' address, with
  --site-certificate ARN its certificate from ACM in us-east-1
  --api-domain D         the newsroom tools' address, with
  --api-certificate ARN  its certificate from ACM in the stack's region
  --reserve              sets concurrency aside for each function (not in a new account)
  --table NAME           a table restored from a backup, instead of the stack's own, with
  --table-stream ARN     its stream
  --no-email, --no-budget, --no-site-domain, --no-api-domain, --no-reserve, --no-table
                         forget one again (with its certificate, or its stream);
                         in prod a restored table stays, or another is named

How
  --epoch N              raises the deployment's number to N: after a restored site, whose
                         pages carry higher ones and would be left as they are
  --preflight            only looks, and says what it would do
  --yes                  does not ask before it deploys
  --help                 this text

When it is through, it prints the addresses, the DNS records still to be made, and how to
get the first key (npm run keys). Run again, it updates what is there.

Credentials are those of the AWS CLI: a profile (AWS_PROFILE), single sign-on, or keys in
the environment. Every fault that can be seen beforehand is named with its remedy, and
nothing is deployed. The exit status is 0 when it is through, 1 for a fault, 2 for an
option that does not exist.
`;
