import { startService } from '../../bench/service.js';

/** Checks that the build boots, responds and stops, which unit tests do not prove. Run it with the Node version to test. */
const service = await startService();
const statusOf = async (path: string, key?: string): Promise<number> =>
  (await fetch(service.url + path, key ? { headers: { authorization: `Bearer ${key}` } } : {})).status;
const expected = { ready: 200, withKey: 200, withoutKey: 401, code: 0 };
const found = {
  ready: await statusOf('/readyz'),
  withKey: await statusOf('/v1/api-keys', service.key),
  withoutKey: await statusOf('/v1/api-keys'),
  code: await service.stop(),
};
const asExpected = JSON.stringify(found) === JSON.stringify(expected);
console.log(
  `Node ${process.version}: ${JSON.stringify(found)}${asExpected ? '' : ` and not ${JSON.stringify(expected)}`}`,
);
if (!asExpected) {
  console.error(service.output());
  process.exitCode = 1;
}
