import type { MigrationInterface } from 'typeorm';

/** In the order of their time stamps. A merged migration is frozen. */
export const migrations: (new () => MigrationInterface)[] = [];
