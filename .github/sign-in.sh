#!/usr/bin/env bash
# Signs the Azure CLI in by OIDC, runs a command, and signs out: `sign-in.sh az storage blob list ...`. There is no secret: GitHub's token for this run
# is exchanged by a federated credential of ARM_CLIENT_ID. What the CLI remembers is in the runner's temporary folder and ends with the command.
set -euo pipefail
umask 077

folder=$(mktemp --directory "${RUNNER_TEMP:?is set by the runner}/azure.XXXXXX")
export AZURE_CONFIG_DIR="$folder"
trap 'az logout > /dev/null 2>&1 || true; rm -rf "$folder"' EXIT

# No token is an argument: arguments of a process can be read by every user of the runner. `printf` is the shell's own.
printf 'header = "Authorization: bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
  curl --silent --show-error --fail --config - "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" |
  jq --exit-status --join-output .value > "$folder/assertion"
az login --service-principal --username "$ARM_CLIENT_ID" --tenant "$ARM_TENANT_ID" --federated-token "@$folder/assertion" --output none
rm "$folder/assertion"
az account set --subscription "$ARM_SUBSCRIPTION_ID"

"$@"
