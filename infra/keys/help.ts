export const HELP = `Makes, lists and revokes API keys with your AWS credentials: for the first key, and for the
day when the last admin's key is lost. Whoever has an admin's key uses the API's /keys.

  npm run keys -- create --role admin|editor|reporter --name NAME [options]
  npm run keys -- list
  npm run keys -- revoke ID

  npm run keys -- create --role admin --name "Lê Thị Hoa"
  npm run keys -- create --role reporter --name "Stringer" --sections kinh-te,van-hoa --expires 2027-06-30

Of a new key
  --role R         admin does everything; editor publishes; reporter writes drafts
  --name NAME      whose it is; one key a person
  --sections A,B   the sections it may write to (all, unless said)
  --expires TIME   when it ends (ISO 8601, in the site's time zone unless it names one)

Where
  --stage S        prod (unless said otherwise) or dev
  --region R       else AWS_REGION, AWS_DEFAULT_REGION, the profile's region, or
                   ap-southeast-1
  --help           this text

The token is shown once on standard output, and only its hash is kept; a line of JSON on
standard error says who did what, for whoever keeps such things. Revoking takes effect at once.
`;
