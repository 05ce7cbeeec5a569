/** The configuration as the program sees it: checked, complete, read-only, in camelCase. */
import type { CamelCased } from './camel-case.ts';
import type { WrittenConfiguration } from './schema.ts';

export type Configuration = CamelCased<WrittenConfiguration>;

export type InterfaceConfiguration = Configuration['interfaces'][number];
export type UserConfiguration = Configuration['users'][number];
export type TrunkConfiguration = Configuration['trunks'][number];
export type RouteConfiguration = Configuration['routes'][number];
