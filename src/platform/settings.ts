import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { CronExpressionParser } from 'cron-parser';
import { isCurrency } from './currencies.js';
import { keyProblem } from './validation/text-checks.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** An account is in the first tier whose MRR or seats threshold it meets. */
export interface TierLimit {
  tier: string;
  /** In minor units of the reporting currency; null if MRR does not qualify an account for this tier. */
  minMrr: number | null;
  minSeats: number | null;
}

const DEFAULT_TIERS: TierLimit[] = [
  { tier: 'enterprise', minMrr: 1_000_000, minSeats: 250 },
  { tier: 'mid-market', minMrr: 100_000, minSeats: 25 },
  { tier: 'smb', minMrr: 0, minSeats: 0 },
];

export class Settings {
  readonly port: number;
  readonly host: string;
  /** Express's `trust proxy`: trusted proxies by address or number of hops; false for none. */
  readonly trustProxy: false | number | string[];
  /** Per API key, on average; a sixth of them may come at once. */
  readonly requestsPerMinute: number;
  /** Per address; beyond that, requests are answered with 429. */
  readonly failedKeysPerMinute: number;
  /** Null to use the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  readonly bootstrapApiKey: string | null;
  /** 32 bytes; null to use the one created at the first start and kept in the database. */
  readonly secretsKey: Buffer | null;
  readonly scoreCron: string;
  /** When models are trained. */
  readonly trainCron: string;
  readonly reportingCurrency: string;
  readonly logLevel: LogLevel;
  readonly eventRetentionDays: number;
  /** Where users and clients reach the service, such as `https://steward.example.com`; null if unknown. */
  readonly publicUrl: string | null;
  /** Empty, or such as `/steward`. */
  readonly basePath: string;
  readonly outboxRetentionDays: number;
  /** PostHog groups of this type are accounts. */
  readonly posthogGroupType: string;
  readonly graceDays: number;
  /** The company's own email domains, in lowercase. */
  readonly internalDomains: string[];
  readonly tierLimits: TierLimit[];
  /** Numeric traits and gauges to use as features. */
  readonly featureTraits: string[];
  readonly featureGauges: string[];
  /** Events sent when a user tries a feature that the account's plan does not include. */
  readonly gateEvents: string[];
  /** Gross margin. */
  readonly marginPercent: number;
  /** Per year. */
  readonly discountRatePercent: number;
  /** Horizon of lifetime value. */
  readonly horizonMonths: number;
  /** Churn probability from which an account is at risk. */
  readonly riskAlert: number;
  readonly allowDataLossForTests: boolean;
  readonly shutdownGraceMs: number;
}

type Env = Record<string, string | undefined>;

/** Empty values count as absent, since compose files pass them. Throws one error that lists every invalid variable, never the value of a secret. */
export function loadSettings(env: Env): Settings {
  const wrong: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T): T => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    try {
      return parse(text);
    } catch (error) {
      wrong.push(`${name} ${error instanceof Error ? error.message : 'is invalid'}`);
      return fallback;
    }
  };

  const settings: Settings = {
    port: read('PORT', 3000, integer(0, 65_535)),
    host: read('HOST', '0.0.0.0', (text) => text),
    publicUrl: read('PUBLIC_URL', null, origin),
    basePath: read('BASE_PATH', '', basePath),
    trustProxy: read<Settings['trustProxy']>('TRUST_PROXY', false, proxies),
    requestsPerMinute: read('REQUESTS_PER_MINUTE', 60_000, integer(60, 10_000_000)),
    failedKeysPerMinute: read('FAILED_KEYS_PER_MINUTE', 20, integer(1, 1_000_000)),
    databaseUrl: read('DATABASE_URL', null, postgresUrl),
    databasePoolSize: read('DATABASE_POOL_SIZE', 10, integer(4, 1_000)),
    dataDir: resolve(
      read('DATA_DIR', process.getuid?.() === 0 ? '/var/lib/steward' : '.steward', (text) => text),
    ),
    bootstrapApiKey: read('BOOTSTRAP_API_KEY', null, printable),
    secretsKey: read('SECRETS_KEY', null, secretsKey),
    scoreCron: read('SCORE_CRON', '0 2 * * *', cron),
    trainCron: read('TRAIN_CRON', '0 3 * * 0', cron),
    reportingCurrency: read('REPORTING_CURRENCY', 'USD', currency),
    logLevel: read('LOG_LEVEL', 'info', logLevel),
    eventRetentionDays: read('EVENT_RETENTION_DAYS', 1_100, integer(1, 36_500)),
    outboxRetentionDays: read('OUTBOX_RETENTION_DAYS', 30, integer(1, 3_650)),
    posthogGroupType: read('POSTHOG_GROUP_TYPE', 'company', key),
    graceDays: read('GRACE_DAYS', 30, integer(0, 3_650)),
    internalDomains: read('INTERNAL_DOMAINS', [], domains),
    tierLimits: read('TIER_LIMITS', DEFAULT_TIERS, tierLimits),
    featureTraits: read('FEATURE_TRAITS', [], names),
    featureGauges: read('FEATURE_GAUGES', [], names),
    gateEvents: read('GATE_EVENTS', [], names),
    marginPercent: read('MARGIN_PERCENT', 80, integer(1, 100)),
    discountRatePercent: read('DISCOUNT_RATE_PERCENT', 10, integer(0, 100)),
    horizonMonths: read('HORIZON_MONTHS', 60, integer(3, 240)),
    riskAlert: read('RISK_ALERT_PERCENT', 30, integer(1, 99)) / 100,
    allowDataLossForTests: read('ALLOW_DATA_LOSS_FOR_TESTS', false, yes),
    shutdownGraceMs: read('SHUTDOWN_GRACE_MS', 25_000, integer(0, 3_600_000)),
  };
  if (wrong.length > 0) throw new Error(`Invalid settings:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  return Object.assign(new Settings(), settings);
}

function integer(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

function proxies(text: string): number | string[] {
  if (/^[1-9]$/.test(text)) return Number(text);
  const list = text.split(',').map((one) => one.trim());
  if (list.every(isNetwork)) return list;
  throw new Error('must be the number of proxies (1 to 9) or their addresses such as 10.0.0.1,10.1.0.0/16');
}

function isNetwork(text: string): boolean {
  const [address = '', prefix = '0', ...more] = text.split('/');
  const version = isIP(address);
  return (
    version > 0 &&
    more.length === 0 &&
    /^\d{1,3}$/.test(prefix) &&
    Number(prefix) <= (version === 4 ? 32 : 128)
  );
}

function postgresUrl(text: string): string {
  if (!/^postgres(ql)?:\/\/./.test(text) || !URL.canParse(text)) throw new Error('must be a postgres:// URL');
  return text;
}

function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  if (!isOrigin)
    throw new Error('must be a URL such as https://steward.example.com, without a path (use BASE_PATH)');
  return url.origin;
}

function basePath(text: string): string {
  const path = text.replace(/\/$/, '');
  if (path !== '' && !/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(path))
    throw new Error('must be a path such as /steward');
  return path;
}

function printable(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Error('must be printable ASCII without spaces');
  return text;
}

function secretsKey(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
    throw new Error('must be 32 bytes in base64');
  return key;
}

function cron(text: string): string {
  try {
    CronExpressionParser.parse(text, { tz: 'UTC' });
  } catch {
    throw new Error('must be a cron expression such as "0 2 * * *"');
  }
  if (text.split(/\s+/).length < 5) throw new Error('must be a cron expression such as "0 2 * * *"');
  return text;
}

function currency(text: string): string {
  if (!isCurrency(text)) throw new Error('must be an ISO 4217 code such as USD');
  return text;
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (!level) throw new Error(`must be one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

function key(text: string): string {
  const problem = keyProblem(text);
  if (problem) throw new Error(problem.detail);
  return text;
}

function domains(text: string): string[] {
  const list = text.split(',').map((domain) => domain.trim().toLowerCase());
  if (!list.every((domain) => /^([a-z0-9-]+\.)+[a-z0-9-]+$/.test(domain))) {
    throw new Error('must be domains, separated by commas');
  }
  return list;
}

/** Maximum number of features in addition to the built-in ones. */
const MAX_NAMES = 20;

function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('') || new Set(list).size < list.length || list.length > MAX_NAMES) {
    throw new Error(`must be up to ${MAX_NAMES} different names, separated by commas`);
  }
  return list;
}

function yes(text: string): boolean {
  if (text !== 'yes') throw new Error('must be "yes" or absent');
  return true;
}

function tierLimits(text: string): TierLimit[] {
  const example =
    'must be JSON such as [{"tier":"enterprise","minMrr":1000000,"minSeats":250},{"tier":"smb"}]';
  const list = jsonArray(text, example).map((item) => {
    if (!isTier(item)) throw new Error(example);
    return { tier: item.tier, minMrr: item.minMrr ?? null, minSeats: item.minSeats ?? null };
  });
  if (new Set(list.map(({ tier }) => tier)).size < list.length) throw new Error('must name each tier once');
  const last = list.at(-1);
  if (!last) throw new Error(example);
  // The last tier has no thresholds, so that every account is in a tier.
  return [...list.slice(0, -1), { tier: last.tier, minMrr: 0, minSeats: 0 }];
}

function jsonArray(text: string, message: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value as unknown[];
  } catch {
    // Reported below.
  }
  throw new Error(message);
}

function isTier(item: unknown): item is { tier: string; minMrr?: number; minSeats?: number } {
  if (typeof item !== 'object' || item === null) return false;
  const { tier, minMrr, minSeats, ...rest } = item as Record<string, unknown>;
  const limit = (value: unknown) =>
    value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
  return (
    typeof tier === 'string' &&
    /^\S.*$/.test(tier) &&
    limit(minMrr) &&
    limit(minSeats) &&
    Object.keys(rest).length === 0
  );
}
