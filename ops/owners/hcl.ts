import { subscriptionIn } from "../../azure-facts/arm-ids";

/** What a program begins with: the provider, and one of its configurations for each subscription that something is in. */
export function head(armIds: readonly string[]): string[] {
  return [PROVIDERS, ...[...new Set(armIds.map(subscriptionIn))].map(provider)];
}

const PROVIDERS = `terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.55"
    }
  }
}`;

function provider(subscription: string): string {
  return [
    'provider "azurerm" {',
    `  alias                           = ${text(aliasOf(subscription))}`,
    `  subscription_id                 = ${text(subscription)}`,
    '  resource_provider_registrations = "none"',
    "  features {}",
    "}",
  ].join("\n");
}

function aliasOf(subscription: string): string {
  return `subscription_${subscription.replaceAll("-", "_")}`;
}

/** The configuration of the provider for a resource's subscription. */
export function providerOf(armId: string): string {
  return `azurerm.${aliasOf(subscriptionIn(armId))}`;
}

/** An attribute's name, and its value as HCL. */
export type Attribute = readonly [name: string, value: string];

/** As `terraform fmt` writes attributes. */
export function aligned(attributes: readonly Attribute[]): string[] {
  const longest = Math.max(...attributes.map(([name]) => name.length));
  return attributes.map(([name, value]) => `${name.padEnd(longest)} = ${value}`);
}

export function block(type: string, label: string, attributes: readonly Attribute[]): string {
  return [`resource ${text(type)} ${text(label)} {`, ...aligned(attributes).map((line) => `  ${line}`), "}"].join("\n");
}

/** A text as HCL takes it literally. */
export function text(value: string): string {
  return JSON.stringify(value).replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** HCL's list of texts. */
export function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

/** A name as a part of a block's label. */
export function labelOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "_");
}
