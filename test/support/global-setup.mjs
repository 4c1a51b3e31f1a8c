import { register } from 'node:module';

/** Jest loads this file as plain ESM without its transforms, so TypeScript is loaded through module hooks. */
export default async function globalSetup() {
  if (process.env.STEWARD_TEST_SERVER) return;
  register('./typescript-hooks.mjs', import.meta.url);
  const { start } = await import('./cluster.ts');
  globalThis.stopStewardTestServer = await start();
}
