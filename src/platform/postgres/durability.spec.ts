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

  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])('refuses %s off by name', async (name) => {
    await expect(assertDurable(server({ [name]: 'off' }), false)).rejects.toThrow(`with ${name} off`);
  });

  it('takes an unsafe server when told in plain words that it is a test', async () => {
    await expect(assertDurable(server({ fsync: 'off' }), true)).resolves.toBeUndefined();
  });

  it.each([true, false])('refuses a server before 15 (unsafe allowed: %s)', async (allowUnsafe) => {
    await expect(assertDurable(server({ server_version_num: '140011' }), allowUnsafe)).rejects.toThrow(
      'PostgreSQL 14',
    );
    await expect(
      assertDurable(server({ server_version_num: '150000' }), allowUnsafe),
    ).resolves.toBeUndefined();
  });
});
