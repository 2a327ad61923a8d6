import { LocalAzure, type LocalAzureProps } from "../../local/local-azure";
import { atEnd } from "../frame/ending";

/** Starts a local Azure that ends with the command, also where the command is interrupted while the local Azure starts. */
export async function startLocal(props: LocalAzureProps): Promise<LocalAzure> {
  const starting = LocalAzure.start(props);
  atEnd(async () => {
    const local = await starting.catch(() => undefined);
    await local?.stop();
  });
  return await starting;
}
