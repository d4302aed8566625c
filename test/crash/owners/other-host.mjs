// Loaded before everything else: this process runs on a machine of another name, as one in a container does, so that others cannot look
// up whether it lives and go by its heartbeat.
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

os.hostname = () => "other-host";
syncBuiltinESMExports();
