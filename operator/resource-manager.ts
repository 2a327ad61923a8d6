import type { TokenCredential } from "@azure/identity";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type Pipeline,
  type TlsSettings,
} from "@azure/core-rest-pipeline";
import type { Cloud } from "./cloud";

export interface ResourceManagerProps {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  /** What is trusted beside the machine's own certificates. @default nothing */
  readonly tls?: TlsSettings;
}

/** Resource Manager's API, for calls that need no library of a service's own. Azure's pipeline retries what may pass. */
export class ResourceManagerClient {
  private readonly origin: string;
  private readonly pipeline: Pipeline;
  private readonly client: HttpClient = createDefaultHttpClient();

  constructor({ cloud, credential, tls }: ResourceManagerProps) {
    this.origin = cloud.resourceManager;
    this.pipeline = createPipelineFromOptions(tls ? { tlsOptions: tls } : {});
    this.pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({ credential, scopes: `${cloud.resourceManager}/.default` }),
    );
  }

  /**
   * @param path an ARM id, what follows it, and the api-version
   * @returns the answer's body as text
   * @throws Error with Azure's words where it refuses
   */
  async request(method: HttpMethods, path: string): Promise<string> {
    const request = createPipelineRequest({ method, url: `${this.origin}${path}` });
    const { status, bodyAsText } = await this.pipeline.sendRequest(this.client, request);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${bodyAsText ?? ""}`);
    return bodyAsText ?? "";
  }
}
