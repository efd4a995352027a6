// What the runtime client's compiled module does, over Node's own HTTP client: asks for the next event, and tells what became of
// it. There `done` and `error` block until they are told; here the next event is not asked for before.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const { Agent, request } = require("node:http");

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let told = Promise.resolve();

const call = (method, path, headers = {}, body = "") =>
  new Promise((resolve, reject) => {
    const options = { hostname, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}`, headers };
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ bodyJson: text, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end(body);
  });

const json = { "content-type": "application/json" };

module.exports = {
  next: async () => {
    await told;
    return call("GET", "next");
  },
  done: (id, body) => {
    told = call("POST", `${id}/response`, json, body);
  },
  error: (id, body, cause) => {
    told = call("POST", `${id}/error`, { ...json, "lambda-runtime-function-xray-error-cause": cause }, body);
  },
};
