/** Does nothing if the setup failed or this was called before. */
export default async function globalTeardown() {
  const stop = globalThis.stopStewardTestServer;
  globalThis.stopStewardTestServer = undefined;
  await stop?.();
}
