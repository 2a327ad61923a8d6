import { join } from "node:path";
import { packageFunctions } from "../../packaging/package-functions";
import { report } from "./report";

report(() => {
  packageFunctions(join(process.env.BENCH_FOLDER ?? "", "packages"));
});
