import { CATALOGUE } from '../catalogue/catalogue.js';
import type { Feature } from '../catalogue/feature.js';
import type { Monotone } from '../ebm/columns.js';

/** The features whose direction is given, by key. */
export const CHURN_MONOTONE: Readonly<Record<string, Monotone>> = Object.fromEntries(
  CATALOGUE.flatMap(({ key, churn }: Feature) => (churn === undefined ? [] : [[key, churn]])),
);
