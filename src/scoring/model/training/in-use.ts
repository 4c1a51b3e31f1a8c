import { calibrated, type CalibrationShift } from '../calibration.js';
import type { RawColumn } from '../ebm/columns.js';
import type { EbmModel } from '../ebm/model.js';
import { probabilityOf } from '../logit.js';
import { scoreRows } from './fit-rows.js';
import type { InUse } from './learn.js';
import type { Question } from './question.js';

/** A fitted model applied to the history. Features that no longer exist are unknown. */
export function inUseOf(
  question: Question,
  { ebm, calibration, scale }: { ebm: EbmModel; calibration: CalibrationShift; scale: number },
): InUse {
  const columns = ebm.features.map(({ name, kind }): RawColumn => {
    const column = question.table.columns.find((one) => one.name === name && one.kind === kind);
    if (column) return column;
    const rows = question.labels.length;
    return kind === 'numeric'
      ? { name, kind, values: new Float32Array(rows).fill(NaN) }
      : { name, kind, values: new Array<null>(rows).fill(null) };
  });
  return {
    features: ebm.features.map(({ name }) => name),
    probabilities: (rows) =>
      scoreRows(question, ebm, { columns, rows, scale }).map((logit) =>
        probabilityOf(calibrated(calibration, logit)),
      ),
  };
}
