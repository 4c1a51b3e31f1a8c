import { assertDurable } from './durability.js';

const server = (settings: Record<string, string>) => {
  const all = {
    server_version_num: '180001',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    ...settings,
  };
  return () => Promise.resolve(Object.entries(all).map(([name, setting]) => ({ name, setting })));
};

describe(assertDurable.name, () => {
  it.each(['on', 'local', 'remote_write', 'remote_apply'])(
    'takes synchronous_commit = %s',
    async (setting) => {
      await expect(assertDurable(server({ synchronous_commit: setting }), false)).resolves.toBeUndefined();
    },
  );

  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
    'rejects a server with %s off, naming the setting',
    async (name) => {
      await expect(assertDurable(server({ [name]: 'off' }), false)).rejects.toThrow(`with ${name} off`);
    },
  );

  it('accepts an unsafe server when explicitly allowed for tests', async () => {
    await expect(assertDurable(server({ fsync: 'off' }), true)).resolves.toBeUndefined();
  });

  it.each([true, false])('rejects a server before version 15 (unsafe allowed: %s)', async (allowUnsafe) => {
    await expect(assertDurable(server({ server_version_num: '140011' }), allowUnsafe)).rejects.toThrow(
      'PostgreSQL 14',
    );
    await expect(
      assertDurable(server({ server_version_num: '150000' }), allowUnsafe),
    ).resolves.toBeUndefined();
  });
});
