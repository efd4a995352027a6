// Loaded with --import: answers the runtime client's compiled module, which is not there, with ours. Only once: a bundle's own
// imports are not to be slower than on Lambda.
import { registerHooks } from "node:module";

const url = new URL("rapid-client.cjs", import.meta.url).href;
const hooks = registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier !== "./rapid-client.node") return next(specifier, context);
    hooks.deregister();
    return { url, format: "commonjs", shortCircuit: true };
  },
});
