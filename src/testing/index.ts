/** What `import "quickstep/testing"` offers: a client for testing an app over real requests, and contract suites for engines. */
export { createClient, type Client, type ClientOptions, type RequestOptions } from "./client.ts";
export type { Clock } from "./clock.ts";
export type { ContractCase } from "./contract-case.ts";
export { CookieJar, type CookieRequest, type StoredCookie } from "./cookie-jar.ts";
export { loggerContract, type LoggerSubject, type LoggerUnderTest } from "./logger-contract.ts";
export type { Reply } from "./reply.ts";
export { revocationListContract, type RevocationListSubject } from "./revocation-list-contract.ts";
export { serializerContract, type SerializerSubject } from "./serializer-contract.ts";
export { sessionStoreContract, type SessionStoreSubject } from "./session-store-contract.ts";
export { templateEngineContract, type TemplateEngineSubject } from "./template-engine-contract.ts";
