import { DAY_MS } from '../../platform/days.js';
import type { Life } from '../life.js';
import type { Scenario } from '../scenario.js';

/** A record in the format of the public API. */
export type Fact = Readonly<Record<string, unknown>>;

/** All facts of one kind of an account, up to the scenario's `until`. */
export type Tell = (scenario: Scenario, life: Life) => Fact[];

export const HOUR_MS = 3_600_000;
/** Tickets, surveys and activities start this long before the events. */
export const EARLIER_DAYS = 180;

/** The main product and its add-on. */
export const MAIN_PRODUCT = 'Core';
export const ADD_ON = 'Insights';

/** The instant in ISO 8601; undefined if it is after `until`. */
export function passed({ untilMs }: Scenario, ms: number | null | undefined): string | undefined {
  return ms === null || ms === undefined || ms > untilMs ? undefined : new Date(ms).toISOString();
}

export function at(day: number, hours = 0): number {
  return day * DAY_MS + hours * HOUR_MS;
}

/** Whether it is a customer or in trial on the day. */
export function isThere({ terms }: Life, day: number): boolean {
  return terms.some(({ startDay, endDay }) => day >= startDay && (endDay === null || day < endDay));
}

export function userOf(accountId: string, slot: number, champions: number): string {
  return slot === 0 && champions > 0 ? `${accountId}-u1-${champions + 1}` : `${accountId}-u${slot + 1}`;
}
