import { readFile } from 'node:fs/promises';
import { loadSettings, type Settings } from './settings.js';

describe(loadSettings.name, () => {
  it('has defaults for everything', () => {
    const settings = loadSettings({});
    expect(settings).toMatchObject({
      port: 3000,
      databaseUrl: null,
      scoreCron: '0 2 * * *',
      eventRetentionDays: 1_100,
      posthogGroupType: 'company',
      graceDays: 30,
    });
    expect(settings.tierLimits.map(({ tier }) => tier)).toEqual(['enterprise', 'mid-market', 'smb']);
  });

  it('reads every variable', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    expect(
      loadSettings({
        PORT: '0',
        DATABASE_URL: 'postgres://u:p@h/db',
        SECRETS_KEY: key,
        INTERNAL_DOMAINS: 'Acme.com, acme.io',
        FEATURE_TRAITS: 'employees, region',
        FEATURE_GAUGES: 'credits',
        GATE_EVENTS: 'Export Refused, SSO Refused',
        ALLOW_DATA_LOSS_FOR_TESTS: 'yes',
        TIER_LIMITS: '[{"tier":"big","minMrr":5},{"tier":"small"}]',
        LOG_LEVEL: 'silent',
        PUBLIC_URL: 'https://Steward.example.com:8443/',
        BASE_PATH: '/cs/steward/',
      }),
    ).toMatchObject({
      port: 0,
      databaseUrl: 'postgres://u:p@h/db',
      secretsKey: Buffer.alloc(32, 7),
      internalDomains: ['acme.com', 'acme.io'],
      featureTraits: ['employees', 'region'],
      featureGauges: ['credits'],
      gateEvents: ['Export Refused', 'SSO Refused'],
      allowDataLossForTests: true,
      tierLimits: [
        { tier: 'big', minMrr: 5, minSeats: null },
        { tier: 'small', minMrr: 0, minSeats: 0 },
      ],
      logLevel: 'silent',
      publicUrl: 'https://steward.example.com:8443',
      basePath: '/cs/steward',
    });
  });

  it('treats an empty value as absent', () => {
    expect(loadSettings({ DATABASE_URL: '', PORT: ' ' })).toMatchObject({ databaseUrl: null, port: 3000 });
  });

  it('names all invalid variables in one message, without their values', () => {
    const env = {
      PORT: '70000',
      HOST: 'ok',
      DATABASE_URL: 'mysql://u:canary@h/db',
      DATABASE_POOL_SIZE: '1',
      BOOTSTRAP_API_KEY: 'canary canary',
      SECRETS_KEY: 'canary',
      SCORE_CRON: 'nightly',
      REPORTING_CURRENCY: 'usd',
      LOG_LEVEL: 'loud',
      EVENT_RETENTION_DAYS: '1.5',
      GRACE_DAYS: '-1',
      INTERNAL_DOMAINS: 'a@b',
      TIER_LIMITS: '{}',
      FEATURE_TRAITS: 'canary,canary',
      FEATURE_GAUGES: 'credits,',
      GATE_EVENTS: ',',
      ALLOW_DATA_LOSS_FOR_TESTS: 'true',
      SHUTDOWN_GRACE_MS: 'soon',
      OUTBOX_RETENTION_DAYS: '0',
      PUBLIC_URL: 'https://u:canary@steward.example.com/path',
      BASE_PATH: 'canary/..',
      SOMETHING_ELSE: 'ignored',
    };
    const wrong = Object.keys(env).filter((name) => !['HOST', 'SOMETHING_ELSE'].includes(name));
    let message = '';
    try {
      loadSettings(env);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(wrong.filter((name) => !message.includes(`${name} `))).toEqual([]);
    expect(message.split('\n')).toHaveLength(wrong.length + 1);
    expect(message).not.toContain('canary');
  });

  const WHOLE = (min: number, max: number) => `must be a whole number from ${min} to ${max}`;
  const CRON = 'must be a cron expression such as "0 2 * * *"';
  const ORIGIN = 'must be a URL such as https://steward.example.com';
  const PROXIES = 'must be the number of proxies';
  const NAMES = 'must be up to 20 different names';
  const refused: Record<string, [message: string, ...wrong: string[]]> = {
    PORT: [WHOLE(0, 65_535), '-1', '65536', '80.0', '0x50', 'http', '1e3'],
    PUBLIC_URL: [
      ORIGIN,
      'steward.example.com',
      '//steward.example.com',
      'ftp://steward.example.com',
      'https://',
      'https://a.example/x',
      'https://a.example/?q',
      'https://a.example/#h',
      'https://user@a.example',
    ],
    BASE_PATH: [
      'must be a path such as /steward',
      'steward',
      '//',
      '/a//b',
      '/..',
      '/a/../b',
      '/.a',
      '/a b',
      '/a?b',
      '/ä',
      '/%2f',
      'https://a.example',
    ],
    TRUST_PROXY: [
      PROXIES,
      '0',
      '10',
      '-1',
      '1.5',
      'true',
      'yes',
      'loopback',
      '10.0.0',
      '10.0.0.256',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '::1/129',
      '10.0.0.1,',
      'proxy.example',
    ],
    REQUESTS_PER_MINUTE: [WHOLE(60, 10_000_000), '0', '59', '10000001', 'unlimited', '100/s'],
    FAILED_KEYS_PER_MINUTE: [WHOLE(1, 1_000_000), '0', '1000001', '-5', 'none'],
    DATABASE_URL: [
      'must be a postgres:// URL',
      'mysql://h/db',
      'localhost:5432',
      'postgres://',
      'postgres:/h/db',
      'postgres://h:port/db',
    ],
    DATABASE_POOL_SIZE: [WHOLE(4, 1_000), '3', '1001', 'many'],
    BOOTSTRAP_API_KEY: ['must be printable ASCII without spaces', 'a b', 'schlüssel', 'a\tb'],
    SECRETS_KEY: [
      'must be 32 bytes in base64',
      'short',
      'A'.repeat(42),
      'A'.repeat(44),
      '!'.repeat(43),
      `${'A'.repeat(43)}===`,
    ],
    SCORE_CRON: [CRON, '* * *', '61 2 * * *', '0 2 * * * * *', 'nightly', '@daily x'],
    TRAIN_CRON: [CRON, '* * *', '0 24 * * *', '0 3 * * 8', 'weekly'],
    REPORTING_CURRENCY: ['must be an ISO 4217 code such as USD', 'usd', 'US', 'DOLLAR', '$', 'ABC'],
    LOG_LEVEL: ['must be one of trace, debug', 'loud', 'INFO', 'true'],
    EVENT_RETENTION_DAYS: [WHOLE(1, 36_500), '0', '36501', '1.5', '-1', 'forever'],
    OUTBOX_RETENTION_DAYS: [WHOLE(1, 3_650), '0', '3651', 'forever'],
    POSTHOG_GROUP_TYPE: ['must not', 'a\0b', 'x'.repeat(256)],
    GRACE_DAYS: [WHOLE(0, 3_650), '-1', '3651', '30d'],
    INTERNAL_DOMAINS: [
      'must be domains',
      'acme',
      'a@acme.example',
      'acme.example,',
      'acme.example acme.io',
      '.acme.example',
      'https://acme.example',
    ],
    TIER_LIMITS: [
      'must be JSON such as',
      '{}',
      '[]',
      'smb',
      '[1]',
      '[{}]',
      '[{"tier":""}]',
      '[{"tier":"a","minMrr":-1}]',
      '[{"tier":"a","minSeats":1.5}]',
      '[{"tier":"a","minSeats":"5"}]',
      '[{"tier":"a","seats":5}]',
    ],
    FEATURE_TRAITS: [NAMES, 'a,a', ',', 'a,', Array.from({ length: 21 }, (_, i) => `t${i}`).join(',')],
    FEATURE_GAUGES: [NAMES, 'a,a', ',', 'a,', Array.from({ length: 21 }, (_, i) => `t${i}`).join(',')],
    GATE_EVENTS: [NAMES, 'a,a', ',', 'a,', Array.from({ length: 21 }, (_, i) => `t${i}`).join(',')],
    MARGIN_PERCENT: [WHOLE(1, 100), '0', '101', '80%', '0.8'],
    DISCOUNT_RATE_PERCENT: [WHOLE(0, 100), '-1', '101', '0.1'],
    HORIZON_MONTHS: [WHOLE(3, 240), '2', '241', '5y'],
    RISK_ALERT_PERCENT: [WHOLE(1, 99), '0', '100', '0.3'],
    ALLOW_DATA_LOSS_FOR_TESTS: ['must be "yes" or absent', 'true', '1', 'Yes', 'no'],
    SHUTDOWN_GRACE_MS: [WHOLE(0, 3_600_000), '-1', '3600001', '25s'],
  };
  const cases = Object.entries(refused).flatMap(([name, [message, ...wrong]]) =>
    wrong.map((text) => ({ name, text, message })),
  );

  it.each(cases)('rejects $name=$text', ({ name, text, message }) => {
    expect(() => loadSettings({ [name]: text })).toThrow(`  ${name} ${message}`);
  });

  it('rejects two limits for one tier', () => {
    const TIER_LIMITS = '[{"tier":"a","minMrr":5},{"tier":"a"}]';
    expect(() => loadSettings({ TIER_LIMITS })).toThrow('TIER_LIMITS must name each tier once');
  });

  it('tests an invalid value of every documented setting that can be invalid', async () => {
    const documented = (await readFile('docs/settings.md', 'utf8')).matchAll(/^\| `([A-Z_]+)` \|/gm);
    const names = [...documented].map(([, name]) => name);
    expect(names.filter((name) => !['HOST', 'DATA_DIR'].includes(name ?? '')).sort()).toEqual(
      Object.keys(refused).sort(),
    );
  });

  it.each<[string, string, Partial<Settings>]>([
    ['TRUST_PROXY', '1', { trustProxy: 1 }],
    ['TRUST_PROXY', '9', { trustProxy: 9 }],
    [
      'TRUST_PROXY',
      '10.0.0.1, 10.1.0.0/16,::1,fd00::/8',
      { trustProxy: ['10.0.0.1', '10.1.0.0/16', '::1', 'fd00::/8'] },
    ],
    ['REQUESTS_PER_MINUTE', '60', { requestsPerMinute: 60 }],
    ['FAILED_KEYS_PER_MINUTE', '1', { failedKeysPerMinute: 1 }],
    ['PUBLIC_URL', 'http://localhost:3000', { publicUrl: 'http://localhost:3000' }],
    ['BASE_PATH', '/', { basePath: '' }],
    ['OUTBOX_RETENTION_DAYS', '3650', { outboxRetentionDays: 3_650 }],
    ['POSTHOG_GROUP_TYPE', 'organization', { posthogGroupType: 'organization' }],
    ['RISK_ALERT_PERCENT', '99', { riskAlert: 0.99 }],
    ['TRAIN_CRON', '0 4 * * 1', { trainCron: '0 4 * * 1' }],
  ])('accepts %s=%s', (name, text, settings) => {
    expect(loadSettings({ [name]: text })).toMatchObject(settings);
  });
});
