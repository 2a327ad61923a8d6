#!/usr/bin/env bash
# Signs the Azure CLI in by OIDC: GitHub's token for this run against a federated credential. There is no secret.
set -euo pipefail

token=$(curl --silent --show-error --fail --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | jq --raw-output .value)
az login --service-principal --username "$ARM_CLIENT_ID" --tenant "$ARM_TENANT_ID" --federated-token "$token" --output none
az account set --subscription "$ARM_SUBSCRIPTION_ID"
