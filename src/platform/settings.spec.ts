import { loadSettings } from './settings.js';

describe(loadSettings.name, () => {
  it('has a default for everything when nothing is set', () => {
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

  it('takes an empty value for absent', () => {
    expect(loadSettings({ DATABASE_URL: '', PORT: ' ' })).toMatchObject({ databaseUrl: null, port: 3000 });
  });

  it('names all wrong variables in one message, without their values', () => {
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

  it.each(['* * *', '61 2 * * *', '0 2 * * * * *'])('refuses the cron expression %s', (SCORE_CRON) => {
    expect(() => loadSettings({ SCORE_CRON })).toThrow('SCORE_CRON');
  });
});
