/** Names the loopback port that the local Azure's private names lead to. */
export const AGENT_PORT = "LOCAL_AZURE_PORT";
