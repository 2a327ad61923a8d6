/**
 * The major version of Node that the functions run on. Azure supports 22 until 30 April 2027 (learn.microsoft.com/azure/azure-functions/supported-languages).
 * For Windows function apps azurerm takes 24 from 4.58.0 on.
 */
export const FUNCTIONS_NODE = 22;

/** The oldest major version of Node that packages are built for, and that this project runs on: the local Azure runs the packages on the user's. */
export const OLDEST_NODE = 20;
