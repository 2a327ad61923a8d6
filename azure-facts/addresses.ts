/**
 * Azure keeps the first four addresses of a subnet and the last one
 * (learn.microsoft.com/azure/virtual-network/virtual-networks-faq).
 */
export const RESERVED_AT_START = 4;
export const RESERVED_AT_END = 1;

/**
 * Azure's resolver: the same address in every VNet. Routes do not apply to it, and security groups only where a rule names AzurePlatformDNS
 * (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
export const AZURE_RESOLVER = "168.63.129.16";
