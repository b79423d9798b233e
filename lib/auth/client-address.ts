/** Set by the server itself (cli/serve.ts) from the connection; what a client sends under this name is overwritten there. */
export const CLIENT_ADDRESS_HEADER = 'x-rescue-client-address';
