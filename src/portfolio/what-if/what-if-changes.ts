import { LOGIT_SCALE } from '../../scoring/model/churn-risk.js';
import { compareHealth, compareRisk, type Part } from '../changes/compare-scores.js';
import type { DescribedScore } from '../scores/describe-score.js';
import type { WhatIf, WhatIfChange } from './what-if.dto.js';

/** The differences between the two, line by line. */
export function whatIfChanges(
  from: DescribedScore,
  to: DescribedScore,
): Pick<WhatIf, 'healthDifference' | 'logitDifference' | 'changes'> {
  const health = compareHealth(from, to);
  const risk = compareRisk(from, to);
  const lines = new Map<string, WhatIfChange>();
  const lineOf = ({ kind, key, from: was, to: is, code, text }: Part): WhatIfChange => {
    const place = `${kind} ${key}`;
    const line = lines.get(place) ?? {
      kind,
      key,
      from: was,
      to: is,
      healthContribution: 0,
      logitContribution: 0,
      code,
      text,
    };
    lines.set(place, line);
    return line;
  };
  for (const part of health?.parts ?? []) lineOf(part).healthContribution = part.contribution / 100;
  for (const part of risk?.parts ?? []) lineOf(part).logitContribution = part.contribution / LOGIT_SCALE;
  return {
    healthDifference: health && health.difference / 100,
    logitDifference: risk && risk.difference / LOGIT_SCALE,
    changes: [...lines.values()],
  };
}
